import type { Statement, Tx } from '#persistence';
import { laneCondition } from '../../queries/lane-condition.js';
import { HOLDS_OF_MESSAGE } from '../../queries/holds-of-message.js';
import type { LaneCondition } from '../domain/lane-rate.js';

/** A message that may be claimed as soon as it has a slot, and what its slot depends on. */
export interface DueMessage {
  messageId: string;
  phoneNumberId: string;
  recipient: string;
  /** The feeder chose it; else somebody woke it out of turn. */
  isFed: boolean;
  /** It waited for its recipient's turn, which has come: it needs no further token. */
  hasPairToken: boolean;
  /** Its portfolio may write to so many people only, and it is what may be written first: free-form goes nowhere outside of a window. */
  isLimited: boolean;
  lane: LaneCondition;
}

/** Of a message whose sender is not there, which ends as soon as somebody looks at it, the limit is null. */
type LaneRow = Omit<LaneCondition, 'throughputLimit'> & { throughputLimit: number | null };

/** The look before a claim (delivery protocol §5): of these messages, those that are queued, due and not held. Locks nothing; by primary key, and by no index of times (a CASE). */
const READ_DUE_MESSAGES: Statement = {
  name: 'read-due-messages',
  plan: 'generic',
  sql: `
SELECT m.id AS "messageId", m.phone_number_id AS "phoneNumberId", m.recipient, m.fed_at IS NOT NULL AS "isFed",
  m.reason = 'pair_pace' AND m.next_attempt_at > now() - $2::int * interval '1 ms' AS "hasPairToken",
  (m.type = 'template' OR m.uses_fallback) AND EXISTS (SELECT FROM waba w JOIN portfolio_limit p ON p.portfolio_id = w.portfolio_id WHERE w.id = s.waba_id AND p.users IS NOT NULL) AS "isLimited",
  ${laneCondition('$3')}
FROM message m LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id
WHERE m.id = ANY($1::uuid[]) AND m.state = 'queued' AND CASE WHEN m.next_attempt_at <= now() AND m.expires_at > now() THEN true ELSE false END
  AND NOT EXISTS (SELECT 1 FROM held_lane h WHERE h.phone_number_id = m.phone_number_id)
  AND NOT EXISTS (${HOLDS_OF_MESSAGE})`,
};

/** @param options.pairTokenMs how long a token of a recipient's turn stays good, ms */
export async function readDueMessages(
  tx: Tx,
  messageIds: readonly string[],
  { pairTokenMs, releasedForMs }: { pairTokenMs: number; releasedForMs: number },
): Promise<DueMessage[]> {
  const rows = await tx.query<Omit<DueMessage, 'lane'> & LaneRow>(READ_DUE_MESSAGES, [
    messageIds,
    pairTokenMs,
    releasedForMs,
  ]);
  return rows.map(({ throughputLimit, limitsMet, isBroken, ...message }) => ({
    ...message,
    lane: { throughputLimit: throughputLimit ?? 1, limitsMet, isBroken },
  }));
}
