import type { InboundMessageItem, StatusItem } from '#graph-api';
import { statusSecond, toldAt } from '#messages';
import type { Statement, Tx } from '#persistence';
import type { Arrived, UnhandledKind } from '../domain/arrived.js';
import { hasReferral } from '../inbound-news.js';
import { park } from './parked.query.js';

const KEEP_ORPHANS: Statement = {
  name: 'keep-orphan-statuses',
  sql: `
INSERT INTO orphan_status (wamid, recipient, status, ts, code, item, inbox_id, received_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::jsonb[], $7::uuid[], $8::timestamptz[]) ORDER BY 1, 2, 3, 4, 5 ON CONFLICT DO NOTHING`,
};

/** Keeps statuses whose message is not known, or not known yet. Coming again changes nothing. */
export async function keepOrphanStatuses(tx: Tx, orphans: Arrived<StatusItem>[]): Promise<void> {
  const column = <T>(read: (orphan: Arrived<StatusItem>) => T) => orphans.map(read);
  await tx.query(KEEP_ORPHANS, [
    column(({ item }) => item.wamid),
    column(({ item }) => item.participant ?? item.recipient),
    column(({ item }) => item.status),
    column(({ item, receivedAt }) => statusSecond(item, receivedAt)),
    column(({ item }) => item.errorCode ?? 0),
    column(({ item }) => JSON.stringify(item)),
    column(({ inboxId }) => inboxId),
    column(({ receivedAt }) => receivedAt),
  ]);
}

/**
 * One that comes again may have another form, or no time: what came first counts, whichever is applied first. `inbox_id` stays, and the other notification is noted
 * in inbound_copy.
 */
const KEEP_INBOUND: Statement = {
  name: 'keep-inbound-messages',
  sql: `
INSERT INTO inbound_message AS i (wamid, phone_number_id, waba_id, contact, type, ts, context_wamid, target_wamid, profile_name, content, inbox_id, received_at, has_referral)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::uuid[], $12::timestamptz[], $13::boolean[]) ORDER BY 1
ON CONFLICT (wamid) DO UPDATE SET type = excluded.type, ts = excluded.ts, context_wamid = excluded.context_wamid, target_wamid = excluded.target_wamid,
  profile_name = excluded.profile_name, content = excluded.content, received_at = excluded.received_at, has_referral = excluded.has_referral
WHERE excluded.received_at < i.received_at AND excluded.contact = i.contact AND excluded.phone_number_id = i.phone_number_id`,
};

/** Stores messages that contacts sent us, once each. Those that were deleted are to be erased in the same transaction. */
export async function keepInboundMessages(tx: Tx, messages: Arrived<InboundMessageItem>[]): Promise<void> {
  const column = <T>(read: (message: Arrived<InboundMessageItem>) => T) => messages.map(read);
  await tx.query(KEEP_INBOUND, [
    column(({ item }) => item.wamid),
    column(({ item }) => item.phoneNumberId),
    column(({ item }) => item.wabaId),
    column(({ item }) => item.from),
    column(({ item }) => item.type),
    column(({ item, receivedAt }) => toldAt(item, receivedAt)),
    column(({ item }) => item.contextWamid),
    column(({ item }) => item.targetWamid),
    column(({ item }) => item.profileName),
    column(({ item }) => JSON.stringify(item.raw)),
    column(({ inboxId }) => inboxId),
    column(({ receivedAt }) => receivedAt),
    column(({ item }) => hasReferral(item)),
  ]);
}

const COUNT_UNHANDLED: Statement = {
  name: 'count-unhandled-items',
  sql: `
INSERT INTO inbox_unhandled (field, kind, count) SELECT field, kind, count(*) FROM unnest($1::text[], $2::text[]) v(field, kind) GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (field, kind) DO UPDATE SET count = inbox_unhandled.count + excluded.count, last_at = now()`,
};

/** Counts items without effect, each of them once, and notes for whom they may wait. */
export async function noteUnhandled(tx: Tx, kinds: readonly UnhandledKind[]): Promise<void> {
  if (kinds.length === 0) return;
  await park(
    tx,
    kinds.flatMap(({ parked }) => parked ?? []),
  );
  await tx.query(COUNT_UNHANDLED, [kinds.map(({ field }) => field), kinds.map(({ kind }) => kind)]);
}
