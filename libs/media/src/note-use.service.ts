import { Injectable } from '@nestjs/common';
import type { MetaMessage } from '#graph-api';
import { Database } from '#persistence';
import { mediaIdsOf } from './domain/media-references.js';
import { META_ID, UUID } from './media-library.js';
import { type MediaUse, noteUses } from './queries/used-media.query.js';

/** A message that is accepted: what it says, and until when it may wait to be sent. */
export interface WaitingMessage {
  phoneNumberId: string;
  contents: readonly MetaMessage[];
  until: Date;
}

/** Sees to it that files outlive the messages that wait with them. */
@Injectable()
export class NoteUseService {
  constructor(private readonly database: Database) {}

  /** The files of these messages count as used until each may be sent no more; nothing is asked when they name none. */
  async note(messages: readonly WaitingMessage[]): Promise<void> {
    const uses = messages.flatMap(({ phoneNumberId, contents, until }) =>
      contents.flatMap(mediaIdsOf).map((id): MediaUse => ({ phoneNumberId, id, until })),
    );
    const uuids = uses.filter(({ id }) => UUID.test(id));
    const metaIds = uses.filter(({ id }) => META_ID.test(id));
    if (uuids.length + metaIds.length > 0) await noteUses(this.database, uuids, metaIds);
  }
}
