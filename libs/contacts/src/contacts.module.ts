import { Module } from '@nestjs/common';
import { FindContactService } from './find-contact.service.js';
import { ListContactsService } from './list-contacts.service.js';

const SERVICES = [FindContactService, ListContactsService];

/** The read side of contacts: needs nothing but the database. */
@Module({ providers: SERVICES, exports: SERVICES })
export class ContactsModule {}
