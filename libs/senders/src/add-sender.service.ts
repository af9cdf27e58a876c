import { Injectable } from '@nestjs/common';
import { Database, newId } from '#persistence';
import { fingerprintOf } from './domain/fingerprint.js';
import type { Sender } from './domain/sender.js';
import { upsertSender } from './queries/upsert-sender.query.js';
import { SenderDirectory } from './sender-directory.js';
import { UnknownSenderError } from './senders.errors.js';
import { TokenVault } from './token-vault.js';

/** A sender and the access token that may send from it. */
export interface NewSender {
  phoneNumberId: string;
  wabaId: string;
  accessToken: string;
  /** One per WABA when left out: `waba-<id>`. */
  portfolioId?: string;
  /** `default` when left out. */
  appId?: string;
  /** ISO 4217; USD when left out. */
  currency?: string;
  /** IANA name; UTC when left out. */
  timezone?: string;
  displayNumber?: string;
}

/** Adds a sender, or gives one that exists a new access token, WABA or detail; what is left out of a second call stays as it was. */
@Injectable()
export class AddSenderService {
  constructor(
    private readonly database: Database,
    private readonly vault: TokenVault,
    private readonly directory: SenderDirectory,
  ) {}

  /** The token is stored encrypted, and one row however often it is given. */
  async add({ phoneNumberId, wabaId, accessToken, ...rest }: NewSender): Promise<Sender> {
    const fingerprint = fingerprintOf(accessToken);
    const ciphertext = this.vault.encrypt(accessToken, fingerprint);
    await this.database.transaction((tx) =>
      upsertSender(tx, {
        phoneNumberId,
        wabaId,
        accessTokenId: newId(),
        fingerprint,
        ciphertext,
        portfolioId: rest.portfolioId ?? null,
        appId: rest.appId ?? null,
        currency: rest.currency ?? null,
        timezone: rest.timezone ?? null,
        displayNumber: rest.displayNumber ?? null,
      }),
    );
    this.directory.forget();
    const sender = await this.directory.find(phoneNumberId);
    if (sender === null) throw new UnknownSenderError();
    return sender;
  }
}
