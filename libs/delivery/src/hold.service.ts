import { Injectable } from '@nestjs/common';
import type { SendOutcome } from '#graph-api';
import { lookupError } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { type HoldScope, holdTarget, planHold, releaseMs, type SendPlace } from './domain/hold-policy.js';
import { closeAlert, openAlert } from './queries/alert.query.js';
import { deleteHold, readHold, setHold } from './queries/hold.query.js';

type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;

/** What a hold that no row stands for lasts at least: the message alone waits. */
const LEAST_WAIT_MS = 5_000;
const PAUSED = 'sending_paused';

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
    const target = holdTarget(outcome.scope, place);
    if (target === null) return Math.max(LEAST_WAIT_MS, outcome.waitMs ?? 0, outcome.retryAfterMs ?? 0);
    const random = Math.random();
    const { waitMs } = await this.database.transaction(async (tx) => {
      const standing = await readHold(tx, target);
      const plan = planHold(outcome, target.scope, standing, random);
      if (outcome.action === 'RATE' && plan.waitMs === null) return plan; // paused already: that is the reason to show
      await setHold(tx, { ...target, ...plan, reason: outcome.error.title, errorCode: outcome.code });
      if (outcome.action === 'PAUSE') {
        const { advice } = lookupError({ code: outcome.code, httpStatus: outcome.httpStatus });
        await openAlert(tx, { kind: PAUSED, ...target, advice });
      }
      return plan;
    });
    if (outcome.action === 'PAUSE')
      this.logger.warn('alert.opened', { kind: PAUSED, scope: target.scope, code: outcome.code });
    return waitMs === null ? null : releaseMs(waitMs, random);
  }

  /**
   * Lifts a hold and closes the alert of its pause, in one transaction. What it held on a lane is due at once; on a pair or
   * template it is due when its own wait is over, at most a minute for a pause.
   * @returns whether there was one
   */
  async release(target: { scope: HoldScope; scopeId: string }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const isHeld = await deleteHold(tx, target);
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
