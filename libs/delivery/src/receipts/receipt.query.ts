import type { Statement, Tx } from '#persistence';
import { laneCondition } from '../queries/lane-condition.js';
import type { LaneCondition } from '../pacing/domain/lane-rate.js';

/** A receipt that a worker tries now. `requestedAt` as the database writes it; `ageMs` since then. */
export interface ClaimedReceipt {
  wamid: string;
  phoneNumberId: string;
  wantsTyping: boolean;
  requestedAt: string;
  ageMs: number;
  tries: number;
  lane: LaneCondition;
}

/**
 * One row a wamid. Asked for again it changes nothing, unless a typing indicator comes along, which is good only now, or it
 * had failed: then it is tried anew.
 */
const KEEP_RECEIPT: Statement = {
  name: 'keep-read-receipt',
  sql: `
INSERT INTO read_receipt (wamid, phone_number_id, wants_typing) VALUES ($1, $2, $3)
ON CONFLICT (wamid) DO UPDATE SET state = 'pending', phone_number_id = excluded.phone_number_id, wants_typing = excluded.wants_typing,
  requested_at = now(), next_try_at = now(), tries = 0, error_code = NULL
WHERE excluded.wants_typing OR read_receipt.state = 'failed'`,
};

export async function keepReceipt(
  tx: Tx,
  { wamid, phoneNumberId, typing }: { wamid: string; phoneNumberId: string; typing: boolean },
): Promise<void> {
  await tx.query(KEEP_RECEIPT, [wamid, phoneNumberId, typing]);
}

/** The sender that a message of a contact came to; primary key. */
const FIND_INBOUND_SENDER: Statement = {
  name: 'find-inbound-sender',
  sql: 'SELECT phone_number_id AS "phoneNumberId" FROM inbound_message WHERE wamid = $1',
};

export async function findInboundSender(tx: Tx, wamid: string): Promise<string | null> {
  const [row] = await tx.query<{ phoneNumberId: string }>(FIND_INBOUND_SENDER, [wamid]);
  return row?.phoneNumberId ?? null;
}

/**
 * Takes due receipts of lanes that are not held, or whose time is over, for $2 ms: whoever dies with one leaves it to the next.
 * Times are kept to the millisecond, rounded: one that is due now may stand half of one ahead. Index: read_receipt_due; skips what another worker locks.
 */
const CLAIM_RECEIPTS: Statement = {
  name: 'claim-read-receipts',
  sql: `
WITH c AS (
  UPDATE read_receipt r SET next_try_at = now() + $2::int * interval '1 ms', tries = r.tries + 1
  WHERE r.wamid IN (
    SELECT d.wamid FROM read_receipt d
    WHERE d.next_try_at <= now() + interval '1 ms' AND (d.requested_at <= now() - $3::int * interval '1 ms'
      OR NOT EXISTS (SELECT 1 FROM held_lane h WHERE h.phone_number_id = d.phone_number_id))
    ORDER BY d.next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING r.*
)
SELECT c.wamid, c.phone_number_id AS "phoneNumberId", c.wants_typing AS "wantsTyping", c.requested_at::text AS "requestedAt", c.tries,
  (extract(epoch FROM now() - c.requested_at) * 1000)::float8 AS "ageMs", ${laneCondition('$4')}
FROM c LEFT JOIN sender s ON s.phone_number_id = c.phone_number_id`,
};

type LaneRow = Omit<LaneCondition, 'throughputLimit'> & { throughputLimit: number | null };

export async function claimReceipts(
  tx: Tx,
  { limit, leaseMs, lifeMs, releasedForMs }: { limit: number; leaseMs: number; lifeMs: number; releasedForMs: number },
): Promise<ClaimedReceipt[]> {
  const rows = await tx.query<Omit<ClaimedReceipt, 'lane'> & LaneRow>(CLAIM_RECEIPTS, [
    limit,
    leaseMs,
    lifeMs,
    releasedForMs,
  ]);
  return rows.map(({ throughputLimit, limitsMet, isBroken, ...receipt }) => ({
    ...receipt,
    lane: { throughputLimit: throughputLimit ?? 1, limitsMet, isBroken },
  }));
}

/** One that was asked for anew in the meantime stays as it is. */
const SETTLE_RECEIPT: Statement = {
  name: 'settle-read-receipt',
  sql: `
UPDATE read_receipt SET state = $3, error_code = $4, next_try_at = now() + $5::int * interval '1 ms'
WHERE wamid = $1 AND requested_at = $2::timestamptz AND state = 'pending'`,
};

export async function settleReceipt(
  tx: Tx,
  { wamid, requestedAt }: Pick<ClaimedReceipt, 'wamid' | 'requestedAt'>,
  { state, errorCode = null, delayMs = null }: { state: string; errorCode?: number | null; delayMs?: number | null },
): Promise<void> {
  await tx.query(SETTLE_RECEIPT, [wamid, requestedAt, state, errorCode, delayMs]);
}
