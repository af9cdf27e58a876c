import { Injectable } from '@nestjs/common';
import type { Reader } from '#messages';
import { Database } from '#persistence';
import { InboundMessageNotFoundError } from './inbound.errors.js';
import { type InboundMessageView, viewInbound } from './inbound-view.js';
import { findInbound } from './queries/read-inbound.query.js';

/** Shows one message of a contact. */
@Injectable()
export class FindInboundService {
  constructor(private readonly database: Database) {}

  /** @throws InboundMessageNotFoundError also when it came to a sender that the reader may not see */
  async find(reader: Reader, wamid: string): Promise<InboundMessageView> {
    const row = await findInbound(this.database, reader, wamid);
    if (row === null) throw new InboundMessageNotFoundError();
    return viewInbound(row);
  }
}
