import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aMessage } from '#testing';
import type { SettleAttemptService } from '../settle-attempt.service.js';
import { aSettlement, type DeliveryWorld, openDeliveryWorld } from '../specs/delivery-world.js';
import { SettleOrJournalService } from './settle-or-journal.service.js';

let world: DeliveryWorld;
let folder: string;
beforeAll(async () => {
  world = await openDeliveryWorld();
}, 60_000);
afterAll(() => world.close());
afterEach(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'herald-journal-')), 'journal');
});

const LOST = Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });
/** A process: `postgres` says how its statements end. */
function aProcess(postgres: 'up' | 'down' | 'hangs' | { refuses: string }) {
  const real = world.newSettlements();
  const settlements = {
    settle: (settlement) => {
      if (postgres === 'up') return real.settle(settlement);
      if (postgres === 'hangs') return new Promise<void>(() => undefined);
      return Promise.reject(postgres === 'down' ? LOST : Object.assign(new Error('x'), { code: postgres.refuses }));
    },
  } as SettleAttemptService;
  const environment = Object.assign(Object.create(world.environment), { OUTCOME_JOURNAL_DIR: folder }) as never;
  return new SettleOrJournalService(settlements, environment, world.logger);
}
const files = () => readdirSync(folder);
const aSending = async () => {
  const { id, fence } = await aMessage(world.database, { state: 'sending' });
  return {
    id,
    settlement: (end: 'accepted' | 'permanent') => aSettlement({ messageId: id, attemptNo: 1, fence }, end),
  };
};

describe('the outcome journal', () => {
  it('keeps an outcome that Postgres did not take, and says it again when it is back', async () => {
    const { id, settlement } = await aSending();
    await aProcess('down').settle({ ...settlement('accepted'), detail: 'words about somebody' });
    const [file = ''] = files();
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain('words about somebody');
    expect(await world.message(id)).toMatchObject({ state: 'sending' });
    expect(await aProcess('down').replay()).toBe(0);
    expect(await aProcess('up').replay()).toBe(1);
    expect(await world.message(id)).toMatchObject({ state: 'accepted', reason: 'answered' });
    expect(files()).toEqual([]);
  });

  it('is evidence for an attempt whose lease ran out meanwhile', async () => {
    const { id, settlement } = await aSending();
    await aProcess('down').settle(settlement('accepted'));
    await world.run(`UPDATE message SET lease_until = now() - interval '1 second' WHERE id = $1`, id);
    await world.reaper.reap();
    expect(await world.message(id)).toMatchObject({ state: 'uncertain' });
    await aProcess('up').replay();
    expect(await world.message(id)).toMatchObject({ state: 'accepted', reason: 'proved_by_late_answer' });
  });

  it('takes what waits for Postgres when the process ends, and applied twice changes nothing', async () => {
    const { id, settlement } = await aSending();
    const outcome = settlement('permanent');
    const process = aProcess('hangs');
    void process.settle(outcome);
    await process.flush();
    expect(files()).toHaveLength(1);
    await world.newSettlements().settle(outcome);
    await aProcess('up').replay();
    expect(await world.message(id)).toMatchObject({ state: 'failed', fence: 1n });
    expect((await world.events(id)).map(({ type }) => type)).toEqual(['message.failed']);
  });

  it('puts aside what can never be applied', async () => {
    const { settlement } = await aSending();
    await aProcess('down').settle(settlement('accepted'));
    expect(await aProcess({ refuses: '23514' }).replay()).toBe(0);
    expect(files()).toEqual([expect.stringMatching(/\.json\.dead$/)]);
    expect(await aProcess('up').replay()).toBe(0);
  });

  it('is empty where there is none', async () => {
    expect(await aProcess('up').replay()).toBe(0);
  });
});
