import { Injectable } from '@nestjs/common';
import { contactForms } from '#graph-api';
import { Database } from '#persistence';
import { InvalidConversationCursorError } from './conversations.errors.js';
import type { ConversationKind } from './domain/conversation.js';
import { fromCursor, toCursor } from './domain/cursor.js';
import {
  type ConversationState,
  type ListedConversation,
  listConversations,
} from './queries/list-conversations.query.js';

/** What to list; what is left out does not narrow. */
export interface ConversationFilter {
  /** Phone number id. */
  sender?: string;
  /** Any identifier of the contact: digits, in any form of the number, or a user id. */
  contact?: string;
  kind?: ConversationKind;
  state?: ConversationState;
  /** The instant that `state` is about, now when left out; none that opened later is listed. */
  at?: Date;
  /** Opened then or later. */
  from?: Date;
  /** Opened earlier. */
  to?: Date;
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** 1 to 100. */
  limit: number;
}

/** A page, those that opened last first; `nextCursor` is null on the last one. */
export interface ConversationPage {
  data: ListedConversation[];
  nextCursor: string | null;
}

/** Lists conversations of senders. */
@Injectable()
export class ListConversationsService {
  constructor(private readonly database: Database) {}

  /** @throws InvalidConversationCursorError */
  async list(senders: 'all' | readonly string[], filter: ConversationFilter): Promise<ConversationPage> {
    const before = filter.cursor === undefined ? null : fromCursor(filter.cursor);
    if (filter.cursor !== undefined && before === null) throw new InvalidConversationCursorError();
    const rows = await listConversations(this.database, {
      senders: senders === 'all' ? null : senders,
      sender: filter.sender ?? null,
      identifiers: filter.contact === undefined ? null : contactForms(filter.contact),
      kind: filter.kind ?? null,
      state: filter.state ?? null,
      at: filter.at ?? null,
      from: filter.from ?? null,
      to: filter.to ?? null,
      before,
      limit: filter.limit + 1,
    });
    const data = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? data.at(-1) : undefined;
    return { data, nextCursor: last === undefined ? null : toCursor(last) };
  }
}
