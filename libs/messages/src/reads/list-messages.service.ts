import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { MessageState } from '../domain/message.js';
import { fromCursor, toCursor } from './domain/cursor.js';
import { type MessageStatus, type MessageView, STATUS_OF_RANK, viewMessage } from './message-view.js';
import { listMessages } from './queries/read-messages.query.js';
import { InvalidCursorError } from './reads.errors.js';
import type { Reader } from './reader.js';

/** What to list; what is left out does not narrow. */
export interface MessageFilter {
  /** Phone number id. */
  from?: string;
  /** Digits only. */
  recipient?: string;
  state?: MessageState;
  /** `none`: Meta has reported nothing yet. */
  status?: MessageStatus | 'none';
  type?: string;
  clientReference?: string;
  tag?: string;
  /** Created then or later. */
  createdAfter?: Date;
  /** Created earlier. */
  createdBefore?: Date;
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** 1 to 100. */
  limit: number;
}

/** A page, newest first; `nextCursor` is null on the last one. */
export interface MessagePage {
  data: MessageView[];
  nextCursor: string | null;
}

/** Lists the messages of a client. */
@Injectable()
export class ListMessagesService {
  constructor(private readonly database: Database) {}

  /** @throws InvalidCursorError */
  async list({ clientId, senders }: Reader, filter: MessageFilter): Promise<MessagePage> {
    const beforeId = filter.cursor === undefined ? null : fromCursor(filter.cursor);
    if (filter.cursor !== undefined && beforeId === null) throw new InvalidCursorError();
    const rows = await listMessages(this.database, {
      clientId,
      beforeId,
      from: filter.from ?? null,
      senders: senders === 'all' ? null : senders,
      recipient: filter.recipient ?? null,
      state: filter.state ?? null,
      ranks: filter.status === undefined ? null : ranksOf(filter.status),
      type: filter.type ?? null,
      clientReference: filter.clientReference ?? null,
      tag: filter.tag ?? null,
      createdAfter: filter.createdAfter ?? null,
      createdBefore: filter.createdBefore ?? null,
      limit: filter.limit + 1,
    });
    const page = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? page.at(-1) : undefined;
    const now = new Date();
    return {
      data: page.map((row) => viewMessage(row, now)),
      nextCursor: last === undefined ? null : toCursor(last.id),
    };
  }
}

function ranksOf(status: MessageStatus | 'none'): number[] {
  const wanted = status === 'none' ? null : status;
  return STATUS_OF_RANK.flatMap((ofRank, rank) => (ofRank === wanted ? [rank] : []));
}
