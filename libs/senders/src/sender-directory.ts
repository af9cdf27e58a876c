import { Injectable } from '@nestjs/common';
import { RecentReads } from '#access';
import type { Sender, SenderCredentials } from './domain/sender.js';
import { UnknownSenderError } from './senders.errors.js';
import { SendersRepository } from './senders.repository.js';
import { TokenVault } from './token-vault.js';

/** How long another process may still use what was changed of a sender, ms. */
export const SENDER_TTL_MS = 5_000;
const MAX_SENDERS_REMEMBERED = 10_000;

/** Looks up senders; answers of `find` and `credentials` are up to SENDER_TTL_MS old. */
@Injectable()
export class SenderDirectory {
  private readonly recentSenders = new RecentReads<Sender>(RECENT);
  private readonly recentCredentials = new RecentReads<SenderCredentials>(RECENT);

  constructor(
    private readonly repository: SendersRepository,
    private readonly vault: TokenVault,
  ) {}

  /** Every sender, or only those of the given phone number ids. Read afresh. */
  async list(only?: readonly string[]): Promise<Sender[]> {
    return this.repository.list(only);
  }

  /** The sender of a phone number id, or null. */
  async find(phoneNumberId: string): Promise<Sender | null> {
    return this.recentSenders.get(phoneNumberId, () => this.repository.find(phoneNumberId));
  }

  /**
   * What a request to the Graph API for this sender needs, the access token decrypted.
   * @throws UnknownSenderError, UnknownEncryptionKeyError, DecryptionFailedError
   */
  async credentials(phoneNumberId: string): Promise<SenderCredentials> {
    const credentials = await this.recentCredentials.get(phoneNumberId, () => this.readCredentials(phoneNumberId));
    if (credentials === null) throw new UnknownSenderError();
    return credentials;
  }

  /** The access token of some sender of a WABA, decrypted; null when it has none. @throws as `credentials` does */
  async accessTokenOfWaba(wabaId: string): Promise<string | null> {
    const phoneNumberId = await this.repository.someSenderOf(wabaId);
    return phoneNumberId === null ? null : (await this.credentials(phoneNumberId)).accessToken;
  }

  /** Reads every sender again on its next use. */
  forget(): void {
    this.recentSenders.clear();
    this.recentCredentials.clear();
  }

  private async readCredentials(phoneNumberId: string): Promise<SenderCredentials | null> {
    const row = await this.repository.credentials(phoneNumberId);
    if (row === null) return null;
    const { ciphertext, fingerprint, ...owners } = row;
    return { ...owners, accessToken: this.vault.decrypt(ciphertext, fingerprint) };
  }
}

const RECENT = { ttlMs: SENDER_TTL_MS, maxEntries: MAX_SENDERS_REMEMBERED };
