import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ListContactsService } from '#contacts';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ContactQueryDto } from './contact-query.dto.js';
import { ContactDetailsResponse, ContactPageResponse } from './contact.response.js';
import { ViewContactService } from './view-contact.service.js';

/** Contacts that have to do with the senders that the key may use. */
@ApiTags('contacts')
@Controller('v1/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: ListContactsService,
    private readonly viewContact: ViewContactService,
  ) {}

  /** A page of contacts, those that became known last first. */
  @Get()
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Search contacts' })
  @ApiOkResponse({ type: ContactPageResponse })
  @ApiProblems('validation_failed', 'invalid_cursor')
  async list(
    @Query() query: ContactQueryDto,
    @CurrentPrincipal() { senders }: Principal,
  ): Promise<ContactPageResponse> {
    return ContactPageResponse.from(await this.contacts.list(senders, query.toInput()));
  }

  /** One contact: what it is and was called, what it chose of marketing, and its windows. An id that became another's leads to that contact. */
  @Get(':id')
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Look at a contact' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: ContactDetailsResponse })
  @ApiProblems('contact_not_found')
  async get(@Param('id') id: string, @CurrentPrincipal() { senders }: Principal): Promise<ContactDetailsResponse> {
    return this.viewContact.view(senders, id);
  }
}
