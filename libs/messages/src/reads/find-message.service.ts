import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database } from '#persistence';
import { type MessageView, viewMessage } from './message-view.js';
import { findMessage } from './queries/read-messages.query.js';
import { MessageNotFoundError } from './reads.errors.js';
import { mayRead, type Reader } from './reader.js';

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
}
