import { Injectable } from '@nestjs/common';
import type { SendOutcome } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { type HoldScope, releaseMs, type SendPlace } from './domain/hold-policy.js';
import { closeAlert, openAlert } from './queries/alert.query.js';
import { deleteHold, wakeHeld } from './queries/hold.query.js';
import { PAUSED, writeHold } from './write-hold.js';

type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;

/** What a hold that no row stands for lasts at least: the message alone waits. */
const LEAST_WAIT_MS = 5_000;

/** Holds back what a throttled answer names: an app, an access token, a WABA, a sender, a pair. */
@Injectable()
export class HoldService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /**
   * Sets the hold, and for a pause the alert that goes with it, in one transaction.
   * @returns ms until the message that met it is due; null while an operator has to lift the hold
   */
  async hold(outcome: Throttled, place: SendPlace): Promise<number | null> {
    const random = Math.random();
    const cause = { ...outcome, title: outcome.error.title };
    const plan = await this.database.transaction((tx) => writeHold(tx, cause, place, random));
    if (plan === null) return Math.max(LEAST_WAIT_MS, outcome.waitMs ?? 0, outcome.retryAfterMs ?? 0);
    if (outcome.action === 'PAUSE')
      this.logger.warn('alert.opened', { kind: PAUSED, scope: outcome.scope, code: outcome.code });
    return plan.waitMs === null ? null : releaseMs(plan.waitMs, random);
  }

  /**
   * Lifts a hold and closes the alert of its pause, in one transaction. What it held on a lane, a pair or a contact is due at
   * once; on a template within a minute.
   * @returns whether there was one
   */
  async release(target: { scope: HoldScope; scopeId: string }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const isHeld = await deleteHold(tx, target);
      if (isHeld) await wakeHeld(tx, target);
      await closeAlert(tx, { kind: PAUSED, ...target });
      return isHeld;
    });
  }

  /** Tells the operator of a message that could not even be built. It fails; it holds nothing back. */
  async reportUnbuildable(phoneNumberId: string): Promise<void> {
    const advice =
      'The request of a message could not be built: its content is gone, or the access token of its sender cannot be decrypted. Check HERALD_ENCRYPTION_KEYS and add the sender again.';
    await openAlert(this.database, {
      kind: 'internal_build_error',
      scope: 'sender',
      scopeId: phoneNumberId,
      advice,
    }).catch((error: unknown) => this.logger.error('alert.not_opened', { kind: 'internal_build_error' }, error));
  }
}
