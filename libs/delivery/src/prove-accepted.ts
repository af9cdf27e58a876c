import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '#persistence';
import { acceptByEvidence, insertEvent, lockMessage, type LockedMessage } from './queries/evidence.query.js';

/** Proof that Graph took an attempt: a status that names it, or its answer, late. */
export interface Proof {
  messageId: string;
  attemptNo: number;
  wamid: string;
  reason: 'proved_by_status' | 'proved_by_late_answer';
  by: 'meta' | 'worker';
}

/**
 * T5 and T8: whatever state the message is in, its attempt was accepted. Other open attempts are abandoned; a worker that
 * still holds the message loses its fence. A second attempt that Graph took is told as `message.duplicate_suspected`; one that
 * was answered with an error and taken all the same counts too.
 * Safe to run twice.
 */
export async function proveAccepted(tx: Tx, proof: Proof): Promise<void> {
  const message = await lockMessage(tx, proof.messageId);
  const attempt = message?.attempts.find(({ no }) => no === proof.attemptNo);
  if (message === null || attempt === undefined) return;
  const isNews = !wasTaken(attempt);
  await acceptByEvidence(tx, { ...proof, eventId: uuidv7() });
  if (isNews && message.attempts.some((other) => other.no !== proof.attemptNo && wasTaken(other))) {
    const payload = { by: proof.by, attempt: proof.attemptNo };
    await insertEvent(tx, {
      id: uuidv7(),
      clientId: message.clientId,
      type: 'message.duplicate_suspected',
      messageId: message.messageId,
      payload,
    });
  }
}

const wasTaken = ({ state, wamid }: LockedMessage['attempts'][number]) => state === 'accepted' || wamid !== null;
