import { toldAt } from '#messages';
import type { Statement, Tx } from '#persistence';
import type { ArrivedAppMessage } from '../domain/arrived-message.js';
import { HISTORY_STATUSES, mergeAppMessages } from '../domain/merge-app-messages.js';

const worth = (row: string) => `(${row}.type <> 'media_placeholder')::int * 2 + (${row}.origin = 'echo')::int`;
const rank = (row: string) =>
  `coalesce(array_position($13::text[], lower(${row}.content #>> '{history_context,status}')), 0)`;
/** As `mergeAppMessages` has it. */
const IS_BETTER = `(${worth('excluded')}, ${rank('excluded')}, a.received_at) > (${worth('a')}, ${rank('a')}, excluded.received_at)`;
const keepBetter = (column: string) =>
  `${column} = CASE WHEN ${IS_BETTER} THEN excluded.${column} ELSE a.${column} END`;

/**
 * Once each: a file that comes takes the place of what stood for it, an echo is an echo also when the history has it, and the
 * history says how far it came. Unique key: the wamid; locked in its order.
 */
const KEEP_APP_MESSAGES: Statement = {
  name: 'keep-app-messages',
  sql: `
INSERT INTO app_message AS a (wamid, phone_number_id, contact, is_outbound, origin, type, ts, target_wamid, status, content, inbox_id, received_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[],
  $10::jsonb[], $11::uuid[], $12::timestamptz[]) ORDER BY 1
ON CONFLICT (wamid) DO UPDATE SET origin = LEAST(a.origin, excluded.origin),
  status = CASE WHEN coalesce(array_position($13::text[], excluded.status), 0) > coalesce(array_position($13::text[], a.status), 0) THEN excluded.status ELSE a.status END,
  ${['type', 'ts', 'target_wamid', 'content', 'received_at'].map(keepBetter).join(', ')}`,
};

/**
 * Keeps messages of the WhatsApp Business app. Coming again, and in any order, leads to the same rows. Those that were deleted are to be erased in
 * the same transaction.
 */
export async function keepAppMessages(tx: Tx, messages: readonly ArrivedAppMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const merged = mergeAppMessages(messages);
  const column = <T>(read: (message: ArrivedAppMessage) => T) => merged.map(read);
  await tx.query(KEEP_APP_MESSAGES, [
    column(({ wamid }) => wamid),
    column(({ phoneNumberId }) => phoneNumberId),
    column(({ contact }) => contact),
    column(({ isOutbound }) => isOutbound),
    column(({ origin }) => origin),
    column(({ type }) => type),
    column((message) => toldAt(message, message.receivedAt)),
    column(({ targetWamid }) => targetWamid),
    column(({ status }) => status),
    column(({ raw }) => JSON.stringify(raw)),
    column(({ inboxId }) => inboxId),
    column(({ receivedAt }) => receivedAt),
    HISTORY_STATUSES,
  ]);
}
