import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { ContactNotFoundError } from './contacts.errors.js';
import type { ContactView } from './list-contacts.service.js';
import { type ChosenMarketing, findContact, readChosen, readIdentifiers } from './queries/read-contacts.query.js';

/** A contact with what it chose, and the senders that it has to do with. */
export interface ContactDetails extends ContactView {
  marketing: ChosenMarketing[];
  /** Phone number ids, of those that the caller may see. */
  senders: string[];
}

/** Shows one contact. */
@Injectable()
export class FindContactService {
  constructor(private readonly database: Database) {}

  /**
   * By its id, or that of a contact that it turned out to be.
   * @throws ContactNotFoundError also when it has to do with none of these senders
   */
  async find(senders: 'all' | readonly string[], id: string): Promise<ContactDetails> {
    const found = await findContact(this.database, id, senders === 'all' ? null : senders);
    if (found === null || (senders !== 'all' && found.senders.length === 0)) throw new ContactNotFoundError();
    const [identifiers, marketing] = await Promise.all([
      readIdentifiers(this.database, [found.id]),
      readChosen(this.database, found.id, found.senders),
    ]);
    return { ...found, identifiers, marketing };
  }
}
