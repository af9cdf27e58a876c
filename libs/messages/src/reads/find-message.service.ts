import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database } from '#persistence';
import { messageIdOfWamid } from '../domain/herald-wamid.js';
import { type MessageView, viewMessage } from './message-view.js';
import { findByWamid } from './queries/find-by-wamid.query.js';
import { findMessage } from './queries/read-messages.query.js';
import { MessageNotFoundError } from './reads.errors.js';
import { mayRead, type Reader } from './reader.js';

/** Printable ASCII, as all of Meta's ids. */
const WAMID = /^[\x21-\x7e]{1,512}$/;

/** Shows one message. */
@Injectable()
export class FindMessageService {
  constructor(private readonly database: Database) {}

  /** @throws MessageNotFoundError also when the message is another client's, or of a sender that the reader may not see */
  async find(reader: Reader, id: string): Promise<MessageView> {
    const row = isUuid(id) ? await findMessage(this.database, reader.clientId, id) : null;
    if (row === null || !mayRead(reader, row.phoneNumberId)) throw new MessageNotFoundError();
    return viewMessage(row, new Date());
  }

  /**
   * The id of the message that a caller names: by its UUID, by the id that the drop-in API gave, or by Meta's wamid. Whose it is
   * is not asked. @throws MessageNotFoundError for what names none
   */
  async idOf(reference: string): Promise<string> {
    if (isUuid(reference)) return reference;
    const id =
      messageIdOfWamid(reference) ?? (WAMID.test(reference) ? await findByWamid(this.database, reference) : null);
    if (id === null) throw new MessageNotFoundError();
    return id;
  }
}
