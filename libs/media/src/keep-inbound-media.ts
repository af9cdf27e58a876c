import type { InboundMessageItem } from '#graph-api';
import { newId, type Tx } from '#persistence';
import { inboundMediaOf } from './domain/inbound-media.js';
import { insertInboundMedia, type InboundMediaRow } from './queries/inbound-media.query.js';

/** Notes the files that messages of contacts brought: from then on they are fetched, whatever becomes of the queue. @returns how many */
export async function keepInboundMedia(tx: Tx, messages: readonly InboundMessageItem[]): Promise<number> {
  const rows = messages.flatMap(({ wamid, phoneNumberId, raw }): InboundMediaRow[] => {
    const media = inboundMediaOf(raw);
    return media === null || phoneNumberId === null ? [] : [{ ...media, id: newId(), wamid, phoneNumberId }];
  });
  if (rows.length > 0) await insertInboundMedia(tx, rows);
  return rows.length;
}
