import { Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { ContactNotFoundError, FindContactService } from '#contacts';
import { WindowService } from '#conversations';
import { WindowResponse } from '../windows/window.response.js';
import { ContactDetailsResponse } from './contact.response.js';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Shows a contact with its windows. */
@Injectable()
export class ViewContactService {
  constructor(
    private readonly contacts: FindContactService,
    private readonly windows: WindowService,
  ) {}

  /** @throws ContactNotFoundError */
  async view(senders: Principal['senders'], id: string): Promise<ContactDetailsResponse> {
    if (!UUID.test(id)) throw new ContactNotFoundError();
    const contact = await this.contacts.find(senders, id);
    const own = contact.identifiers.find(({ kind, heldUntil }) => kind !== 'username' && heldUntil === null);
    if (own === undefined) return ContactDetailsResponse.of(contact, []);
    const at = new Date();
    const views = await this.windows.statesOf(
      contact.senders.map((phoneNumberId) => ({ phoneNumberId, recipient: own.value })),
    );
    const windows = views.map((view, index) =>
      WindowResponse.from({ sender: contact.senders[index] ?? '', contact: own.value, at }, view),
    );
    return ContactDetailsResponse.of(contact, windows);
  }
}
