import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { buildTimeline, type Timeline } from './timeline.js';
import { FindMessageService } from './find-message.service.js';
import type { Reader } from './reader.js';

/** Tells the life of a message: every event, attempt and status, and where it stands. */
@Injectable()
export class ReadTimelineService {
  constructor(
    private readonly database: Database,
    private readonly findMessage: FindMessageService,
  ) {}

  /** @throws MessageNotFoundError as FindMessageService does */
  async read(reader: Reader, id: string): Promise<Timeline> {
    const { waitsFor, waitsUntil, explanation } = await this.findMessage.find(reader, id);
    const { event, attempt, statusEvent } = this.database.prisma;
    const [events, attempts, statuses] = await Promise.all([
      event.findMany({ where: { messageId: id }, orderBy: { id: 'asc' } }),
      attempt.findMany({ where: { messageId: id }, orderBy: { no: 'asc' } }),
      statusEvent.findMany({ where: { messageId: id }, orderBy: { eventId: 'asc' } }),
    ]);
    const entries = buildTimeline({
      events: events.map(({ payload, ...rest }) => ({ ...rest, payload: asRecord(payload) })),
      attempts,
      statuses,
    });
    return { explanation, waitsFor, waitsUntil, entries };
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
