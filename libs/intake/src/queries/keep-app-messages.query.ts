import { toldAt } from '#messages';
import type { Statement, Tx } from '#persistence';
import type { ArrivedAppMessage } from '../domain/arrived-message.js';
import { HISTORY_STATUSES, mergeAppMessages } from '../domain/merge-app-messages.js';

/** As `mergeAppMessages` has it. */
const IS_BETTER = `(excluded.type <> 'media_placeholder' AND (a.type = 'media_placeholder' OR (a.origin = 'history' AND excluded.origin = 'echo')))`;

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
  type = CASE WHEN ${IS_BETTER} THEN excluded.type ELSE a.type END,
  target_wamid = CASE WHEN ${IS_BETTER} THEN excluded.target_wamid ELSE a.target_wamid END,
  content = CASE WHEN ${IS_BETTER} AND a.deleted_at IS NULL THEN excluded.content ELSE a.content END`,
};

/** Keeps messages of the WhatsApp Business app. Coming again, and in any order, leads to the same rows. */
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
