import { Injectable } from '@nestjs/common';
import { factsOfIdentity, factsOfRecipient, learnContacts, type SenderFact } from '#contacts';
import type { RecipientKind } from '#graph-api';
import { Logger } from '#observability';
import { coalesce, Database } from '#persistence';
import { followConversations } from './follow-conversations.js';
import { expectStatuses } from './queries/listening.query.js';
import { noteClosings, type WindowClosing } from './queries/note-closings.query.js';

/** How often one process says of a sender that statuses are owed, ms. */
const EXPECT_EVERY_MS = 60_000;

/** The most answers of one transaction, and recipients of one process that are not told of again. */
const MAX_LEARNT = 100;
const MAX_KNOWN = 10_000;

/** Whom a message was written to, and how Meta's answer names that recipient. */
export interface AnsweredRecipient {
  phoneNumberId: string;
  recipient: string;
  recipientKind: RecipientKind;
  waId: string | null;
  userId: string | null;
  at: Date;
}

/** What answers of Graph tell of windows, and of whose they are. Nothing here rejects: what is not written down is told again by the next answer. */
@Injectable()
export class WindowEvidenceService {
  private readonly expectedAt = new Map<string, number>();
  private readonly knownRecipients = new Set<string>();
  private readonly learn = coalesce<SenderFact[], null>({
    run: async (answers) => {
      await this.database.transaction(async (tx) => {
        await followConversations(tx, [], await learnContacts(tx, answers.flat()));
      });
      return answers.map(() => null);
    },
    maxBatch: MAX_LEARNT,
    inFlight: 1,
  });

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Meta refused a free-form message for the closed window. */
  async noteClosing(closing: WindowClosing): Promise<void> {
    await noteClosings(this.database, [closing]).catch((error: unknown) =>
      this.logger.warn('window.closing_not_noted', { lane: closing.phoneNumberId }, error),
    );
  }

  /** Meta took a message: it owes us statuses, or its webhooks do not reach us. Does not wait for the database. */
  noteAccepted(phoneNumberId: string, at: Date): void {
    const last = this.expectedAt.get(phoneNumberId);
    if (last !== undefined && at.getTime() - last < EXPECT_EVERY_MS) return;
    this.expectedAt.set(phoneNumberId, at.getTime());
    void expectStatuses(this.database, phoneNumberId, at).catch((error: unknown) => {
      this.expectedAt.delete(phoneNumberId);
      this.logger.warn('window.expectation_not_noted', { lane: phoneNumberId }, error);
    });
  }

  /** Meta names a recipient otherwise than it was written to, or by more. Does not wait for the database; nothing is rewritten. */
  noteRecipient({ phoneNumberId, recipient, recipientKind, waId, userId, at }: AnsweredRecipient): void {
    const tellsNothing = (waId === null || waId === recipient) && (userId === null || userId === recipient);
    const name = [phoneNumberId, recipient, waId, userId].join(' ');
    if (recipientKind === 'group' || tellsNothing || this.knownRecipients.has(name)) return;
    if (this.knownRecipients.size >= MAX_KNOWN) this.knownRecipients.clear();
    this.knownRecipients.add(name);
    const identity = { person: { waId, userId, parentUserId: null, username: null }, before: null };
    const telling = { at, inboxId: null, isHeard: false };
    const written = { kind: recipientKind === 'user' ? 'user_id' : 'phone', value: recipient } as const;
    const facts = [...factsOfIdentity(identity, telling), ...factsOfRecipient(written, identity, telling)];
    void this.learn(facts.filter(({ link }) => link !== 'seen').map((fact) => ({ ...fact, phoneNumberId }))).catch(
      (error: unknown) => {
        this.knownRecipients.delete(name);
        this.logger.warn('contact.not_noted', { lane: phoneNumberId }, error);
      },
    );
  }
}
