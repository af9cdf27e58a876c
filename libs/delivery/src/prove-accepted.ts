import { newId, type Tx } from '#persistence';
import {
  type AcceptedProof,
  acceptByEvidence,
  insertEvents,
  type LockedMessage,
  lockMessages,
} from './queries/evidence.query.js';

/** Proof that Graph took an attempt: a status that names it, or its answer, late. */
export type Proof = Omit<AcceptedProof, 'eventId'> & {
  reason: 'proved_by_status' | 'proved_by_late_answer';
  by: 'meta' | 'worker';
};

/**
 * T5 and T8: whatever state the messages are in, these attempts were accepted. Other open attempts are abandoned; a worker that
 * still holds a message loses its fence. A second attempt that Graph took is told as `message.duplicate_suspected`; one that
 * was answered with an error and taken all the same counts too. However many messages there are, in a fixed number of statements.
 * Safe to run twice.
 * @param proofs of one message in the order in which they count
 */
export async function proveAccepted(tx: Tx, proofs: readonly Proof[]): Promise<void> {
  for (const round of inRounds(proofs)) await proveEach(tx, round);
}

/** One proof a message, nearly always all of them; what is left makes the next round, which finds the attempts as that one left them. */
function inRounds(proofs: readonly Proof[]): Proof[][] {
  const rounds: Proof[][] = [];
  const counts = new Map<string, number>();
  for (const proof of proofs) {
    const n = counts.get(proof.messageId) ?? 0;
    counts.set(proof.messageId, n + 1);
    (rounds[n] ??= []).push(proof);
  }
  return rounds;
}

async function proveEach(tx: Tx, proofs: readonly Proof[]): Promise<void> {
  const messages = await lockMessages(
    tx,
    proofs.map(({ messageId }) => messageId),
  );
  const known = proofs.flatMap((proof) => {
    const message = messages.get(proof.messageId);
    const attempt = message?.attempts.find(({ no }) => no === proof.attemptNo);
    return message === undefined || attempt === undefined ? [] : [{ proof, message, isNews: !wasTaken(attempt) }];
  });
  if (known.length === 0) return;
  await acceptByEvidence(
    tx,
    known.map(({ proof }) => ({ ...proof, eventId: newId() })),
  );
  const duplicates = known.filter(
    ({ proof, message, isNews }) =>
      isNews && message.attempts.some((other) => other.no !== proof.attemptNo && wasTaken(other)),
  );
  await insertEvents(
    tx,
    duplicates.map(({ proof, message: { messageId, clientId } }) => ({
      ...{ id: newId(), clientId, type: 'message.duplicate_suspected', messageId },
      payload: { by: proof.by, attempt: proof.attemptNo },
    })),
  );
}

const wasTaken = ({ state, wamid }: LockedMessage['attempts'][number]) => state === 'accepted' || wamid !== null;
