import { Injectable } from '@nestjs/common';
import { contactForms } from '#contacts';
import { InvalidCursorError, type Reader } from '#messages';
import { Database } from '#persistence';
import { fromInboundCursor, toInboundCursor } from './domain/inbound-cursor.js';
import { type InboundMessageView, viewInbound } from './inbound-view.js';
import { listInbound } from './queries/read-inbound.query.js';

/** What to list; what is left out does not narrow. */
export interface InboundFilter {
  /** Phone number id. */
  sender?: string;
  /** Digits, or a user id. */
  contact?: string;
  /** Sent then or later, by Meta's time. */
  sentAfter?: Date;
  /** Sent earlier. */
  sentBefore?: Date;
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** 1 to 100. */
  limit: number;
}

/** A page, newest first; `nextCursor` is null on the last one. */
export interface InboundPage {
  data: InboundMessageView[];
  nextCursor: string | null;
}

/** Lists the messages that contacts sent to the senders that a reader may see. */
@Injectable()
export class ListInboundService {
  constructor(private readonly database: Database) {}

  /** @throws InvalidCursorError */
  async list(reader: Reader, filter: InboundFilter): Promise<InboundPage> {
    const before = filter.cursor === undefined ? null : fromInboundCursor(filter.cursor);
    if (filter.cursor !== undefined && before === null) throw new InvalidCursorError();
    const rows = await listInbound(this.database, reader, {
      sender: filter.sender ?? null,
      contacts: filter.contact === undefined ? null : contactForms(filter.contact),
      sentAfter: filter.sentAfter ?? null,
      sentBefore: filter.sentBefore ?? null,
      before,
      limit: filter.limit + 1,
    });
    const page = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? page.at(-1) : undefined;
    return { data: page.map(viewInbound), nextCursor: last === undefined ? null : toInboundCursor(last) };
  }
}
