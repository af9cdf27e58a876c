import { ApiProperty } from '@nestjs/swagger';
import type { Timeline, TimelineEntry } from '#messages';
import { ExplanationResponse } from './explanation.response.js';

/** One fact of a message's life. */
export class TimelineEntryResponse implements TimelineEntry {
  @ApiProperty({ description: 'When Herald learnt of it', type: String, format: 'date-time' })
  at!: Date;

  @ApiProperty({ enum: ['event', 'attempt', 'status'] })
  kind!: TimelineEntry['kind'];

  @ApiProperty({ description: 'The event, the outcome of the attempt, or Meta’s status', example: 'message.queued' })
  what!: string;

  @ApiProperty({ example: 'api' })
  who!: string;

  @ApiProperty({ type: String, nullable: true })
  why!: string | null;

  @ApiProperty({ description: 'Number of the attempt that it is about', type: Number, nullable: true })
  attempt!: number | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details!: Record<string, unknown>;
}

/** Where a message stands, and its life, in the order in which Herald learnt of it. */
export class TimelineResponse {
  @ApiProperty({ type: ExplanationResponse })
  explanation!: ExplanationResponse;

  @ApiProperty({ description: 'As in the message', type: String, nullable: true })
  waitsFor!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  waitsUntil!: Date | null;

  @ApiProperty({ type: [TimelineEntryResponse] })
  data!: TimelineEntryResponse[];

  static from({ entries, ...now }: Timeline): TimelineResponse {
    return Object.assign(new TimelineResponse(), { ...now, data: entries });
  }
}
