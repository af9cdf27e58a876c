import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, newId, type Tx } from '#persistence';
import { attachOrphans, followOrphans } from './attach-orphans.js';
import { proveAccepted } from './prove-accepted.js';
import {
  closeAttempt,
  leaveUncertain,
  lockMessage,
  type LockedMessage,
  markHttp2xx,
} from './queries/evidence.query.js';
import type { Settlement } from './queries/settle-attempts.query.js';

/** T3s: a result that came after its fence was lost is still evidence, applied by the name of its attempt. */
@Injectable()
export class LateResultService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Applies a settlement that did not take effect. One that did, and whose COMMIT was merely not heard, changes nothing. */
  async apply(settlement: Settlement): Promise<void> {
    await this.database.transaction(async (tx) => {
      const message = await lockMessage(tx, settlement.messageId);
      if (message?.attempts.some(({ no }) => no === settlement.attemptNo)) await this.applyTo(tx, settlement, message);
    });
    this.logger.info('attempt.settled_late', {
      messageId: settlement.messageId,
      attemptNo: settlement.attemptNo,
      outcome: settlement.attempt,
    });
  }

  private async applyTo(tx: Tx, settlement: Settlement, message: LockedMessage): Promise<void> {
    const { messageId, attemptNo, attempt, wamid, httpStatus, http2xx } = settlement;
    if (attempt === 'accepted' && wamid !== null) {
      await proveAccepted(tx, [{ messageId, attemptNo, wamid, reason: 'proved_by_late_answer', by: 'worker' }]);
      await followOrphans(tx, await attachOrphans(tx, [wamid]));
    } else if (attempt === 'uncertain') {
      // The reaper has called it uncertain already; what it cannot know is that a 2xx line came.
      if (http2xx) await markHttp2xx(tx, messageId, attemptNo, httpStatus);
    } else {
      const wasOpen = message.attempts.some(({ no, state }) => no === attemptNo && state === 'uncertain');
      await closeAttempt(tx, settlement);
      if (wasOpen && message.state === 'uncertain')
        await leaveUncertain(tx, { ...settlement, ...endOf(settlement, message), eventId: newId() });
    }
  }
}

/** A message ends unknown, not failed, when an earlier attempt of it may have gone through. */
function endOf({ state, reason }: Settlement, { attempts }: LockedMessage): { state: string; reason: string } {
  const isUnproven = state === 'failed' && attempts.some((attempt) => attempt.state === 'abandoned');
  return isUnproven ? { state: 'unknown', reason: 'earlier_attempt_unproven' } : { state, reason };
}
