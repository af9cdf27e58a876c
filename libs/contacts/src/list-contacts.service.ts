import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { InvalidContactCursorError } from './contacts.errors.js';
import { contactForms } from './domain/contact-forms.js';
import type { ContactIdentifier } from './domain/resolve-contacts.js';
import { listContactIds, readIdentifiers } from './queries/read-contacts.query.js';

/** What to list; what is left out does not narrow. */
export interface ContactFilter {
  /** Phone number id of a sender that it has to do with. */
  sender?: string;
  /** Digits, in any form of the number. */
  phone?: string;
  /** A business-scoped user id, or that of a parent. */
  userId?: string;
  username?: string;
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** 1 to 100. */
  limit: number;
}

/** A contact, and all that was seen of it, what it has now first. */
export interface ContactView {
  id: string;
  identifiers: ContactIdentifier[];
}

/** A page, those that became known last first; `nextCursor` is null on the last one. */
export interface ContactPage {
  data: ContactView[];
  nextCursor: string | null;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Lists contacts that have to do with senders. */
@Injectable()
export class ListContactsService {
  constructor(private readonly database: Database) {}

  /** @throws InvalidContactCursorError */
  async list(senders: 'all' | readonly string[], filter: ContactFilter): Promise<ContactPage> {
    const { sender = null, phone, userId = null, username = null, cursor = null, limit } = filter;
    if (cursor !== null && !UUID.test(cursor)) throw new InvalidContactCursorError();
    const ids = await listContactIds(this.database, {
      senders: senders === 'all' ? null : senders,
      sender,
      phones: phone === undefined ? null : contactForms(phone),
      userId,
      username,
      before: cursor,
      limit: limit + 1,
    });
    const page = ids.slice(0, limit);
    const rows = Map.groupBy(
      page.length === 0 ? [] : await readIdentifiers(this.database, page),
      ({ contactId }) => contactId,
    );
    return {
      data: page.map((id) => ({ id, identifiers: rows.get(id) ?? [] })),
      nextCursor: ids.length > limit ? (page.at(-1) ?? null) : null,
    };
  }
}
