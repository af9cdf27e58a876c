import { Injectable } from '@nestjs/common';
import { contactForms } from '#contacts';
import { Database } from '#persistence';
import { concernedContacts, formsOf } from './concerned-contacts.js';
import { InvalidConversationCursorError } from './conversations.errors.js';
import type { Conversation, ConversationKind } from './domain/conversation.js';
import type { ConversationNews } from './domain/conversation-news.js';
import { fromCursor, toCursor } from './domain/cursor.js';
import { serviceConversationAt } from './domain/service-conversations.js';
import {
  type ConversationState,
  type ListedConversation,
  listConversations,
} from './queries/list-conversations.query.js';
import { readHeard } from './queries/read-conversation-facts.query.js';

/** What to list; what is left out does not narrow. */
export interface ConversationFilter {
  /** Phone number id. */
  sender?: string;
  /** Any identifier of the contact: digits, in any form of the number, or a user id. */
  contact?: string;
  kind?: ConversationKind;
  state?: ConversationState;
  /** The instant at which they are told, by what was heard until then; now when left out. None that opened later is listed. */
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
    return {
      data: filter.at === undefined ? data : await this.asOf(data, filter.at),
      nextCursor: last === undefined ? null : toCursor(last),
    };
  }

  /**
   * With the ends that stood at that instant. Only windows that were open then and moved since had others: one that was over had its
   * last, and the other kinds do not move. Two statements, however many moved.
   */
  private async asOf(rows: ListedConversation[], at: Date): Promise<ListedConversation[]> {
    const moved = rows.filter(({ kind, lastHeardAt }) => kind === 'service' && lastHeardAt > at);
    if (moved.length === 0) return rows;
    const rowOf = new Map<ConversationNews, ListedConversation>(moved.map((row) => [openingOf(row), row]));
    const contacts = await concernedContacts(this.database, [...rowOf.keys()], []);
    const facts = await readHeard(
      this.database,
      contacts.flatMap((contact) => formsOf(contact, contact.since, at)),
    );
    const stood = new Map<ListedConversation, Conversation>();
    for (const { n, news } of contacts) {
      const heard = facts.filter((fact) => fact.n === n);
      for (const opening of news) {
        const row = rowOf.get(opening);
        if (row !== undefined) stood.set(row, serviceConversationAt(row, heard, at));
      }
    }
    return rows.map((row) => ({ ...row, ...stood.get(row) }));
  }
}

/** Names the contact of a window as it was known when it opened. */
const openingOf = ({ phoneNumberId, contact, openedAt }: ListedConversation): ConversationNews => ({
  kind: 'heard',
  phoneNumberId,
  contact,
  at: openedAt,
  isReferral: false,
});
