import { writePrivateFile } from '#config';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { AuthenticateService, CreateApiKeyService, EnsureClientService } from '#access';
import { AddSenderService, SenderDirectory } from '#senders';

/** The client that a newcomer's first key belongs to. */
const CLIENT = 'demo';

/** The number that the simulator answers for. */
export const SIMULATED_SENDER = {
  phoneNumberId: '800000000000001',
  wabaId: '900000000000001',
  displayNumber: '+1 555-010-0100',
  accessToken: 'simulator-access-token',
};

/**
 * A key of the client `demo` with every scope and sender. It is kept in `api-key` of the home folder, and made anew when
 * the database does not know it (any more).
 */
export async function ensureReadyKey(rooms: INestApplicationContext, home: string): Promise<string> {
  const path = join(home, 'api-key');
  const kept = readKept(path);
  if (kept !== undefined && (await rooms.get(AuthenticateService).authenticate(kept)) !== null) return kept;
  const { id: clientId } = await rooms.get(EnsureClientService).ensure(CLIENT);
  const { key } = await rooms.get(CreateApiKeyService).create({ clientId, scopes: ['all'], senders: 'all' });
  writePrivateFile(path, key);
  return key;
}

/** The sender of the simulator, unless there is one of its id already: that may have been given another token since. */
export async function ensureSimulatedSender(rooms: INestApplicationContext): Promise<void> {
  if ((await rooms.get(SenderDirectory).find(SIMULATED_SENDER.phoneNumberId)) !== null) return;
  await rooms.get(AddSenderService).add(SIMULATED_SENDER);
}

function readKept(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
