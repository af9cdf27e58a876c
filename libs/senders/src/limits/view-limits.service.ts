import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { qualityOf, type SenderQuality } from '../domain/sender-quality.js';
import {
  type DatedFact,
  type LimitRow,
  readCurrentFacts,
  readFacts,
  readLimit,
} from '../facts/queries/read-facts.query.js';
import { UnknownSenderError } from '../senders.errors.js';

/** The most facts of a history. */
export const MAX_FACTS = 500;

/** What a sender may do, how Meta rates it, and how that came about. */
export interface SenderLimits extends LimitRow {
  quality: SenderQuality;
  /** What counts now, by kind. */
  current: DatedFact[];
  /** Newest first, at most MAX_FACTS. */
  history: DatedFact[];
}

/** Shows the limits and the quality of a sender. */
@Injectable()
export class ViewLimitsService {
  constructor(private readonly database: Database) {}

  /** @throws UnknownSenderError */
  async view(phoneNumberId: string): Promise<SenderLimits> {
    const limit = await readLimit(this.database, phoneNumberId);
    if (limit === null) throw new UnknownSenderError();
    const [current, history] = await Promise.all([
      readCurrentFacts(this.database, phoneNumberId),
      readFacts(this.database, phoneNumberId, MAX_FACTS),
    ]);
    return { ...limit, quality: qualityOf(current), current, history };
  }
}
