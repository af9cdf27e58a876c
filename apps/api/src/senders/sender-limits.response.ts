import { ApiProperty } from '@nestjs/swagger';
import { type DatedFact, MAX_FACTS, type SenderLimits, type SenderQuality } from '#senders';

/** Something that Meta said of a number or its account, and since when. */
export class SenderFactResponse implements DatedFact {
  @ApiProperty({
    description:
      'messaging_limit, throughput, quality_rating, quality_flag, number_status, number_event, name_status, verified_name, account_event, account_review, account_alert, …',
    example: 'quality_rating',
  })
  kind!: string;

  @ApiProperty({ description: 'Meta’s word; a number as text, or unlimited', example: 'GREEN' })
  value!: string;

  @ApiProperty({ enum: ['number', 'account'] })
  about!: 'number' | 'account';

  @ApiProperty({
    description: 'When it began as Meta says, or when it was first read',
    type: String,
    format: 'date-time',
  })
  knownAt!: Date;

  @ApiProperty({ description: 'Until when it is known to have been so', type: String, format: 'date-time' })
  seenAt!: Date;

  @ApiProperty({ enum: ['webhook', 'read'] })
  source!: 'webhook' | 'read';

  @ApiProperty({
    description: 'What the webhook said; null for a read',
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  details!: unknown;
}

/** To how many people the sender’s portfolio may write first. */
export class MessagingLimitResponse {
  @ApiProperty({ description: 'False: Meta has not told it yet' })
  isKnown!: boolean;

  @ApiProperty({ description: 'In any 24 hours; null: any number, or not known', type: Number, nullable: true })
  users!: number | null;

  @ApiProperty({
    description:
      'People written to first in the last 24 hours, from when a limit is known; null: not counted, since any number may be, or no limit is known',
    type: Number,
    nullable: true,
  })
  usersLast24h!: number | null;

  @ApiProperty({ description: 'How many more; null: any number, or not known', type: Number, nullable: true })
  usersLeft!: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  knownAt!: Date | null;
}

/** How many messages a second the number may send and get. */
export class ThroughputResponse {
  @ApiProperty({ example: 80 })
  perSecond!: number;

  @ApiProperty({
    description: 'When Meta said so; null: it is the default',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  knownAt!: Date | null;
}

/** How good Meta finds what the number sends. */
export class SenderQualityResponse implements SenderQuality {
  @ApiProperty({
    description: 'As read from Meta last: GREEN, YELLOW, RED or UNKNOWN; null: not read yet',
    type: String,
    nullable: true,
  })
  rating!: string | null;

  @ApiProperty({ description: 'When it was read last', type: String, format: 'date-time', nullable: true })
  ratingSeenAt!: Date | null;

  @ApiProperty({
    description:
      'Whether the webhook that came last flagged the number for low quality; null: none came. It tells no rating, and may be older than the one above',
    type: Boolean,
    nullable: true,
  })
  isFlagged!: boolean | null;

  @ApiProperty({ description: 'Since when, as that webhook says', type: String, format: 'date-time', nullable: true })
  flagKnownAt!: Date | null;
}

/** What a sender may do, how Meta rates it, and how that came about. */
export class SenderLimitsResponse {
  @ApiProperty({ description: 'The limit is shared by all senders of it' })
  portfolioId!: string;

  @ApiProperty()
  messagingLimit!: MessagingLimitResponse;

  @ApiProperty()
  throughput!: ThroughputResponse;

  @ApiProperty()
  quality!: SenderQualityResponse;

  @ApiProperty({ description: 'What counts now, one of each kind', type: [SenderFactResponse] })
  current!: SenderFactResponse[];

  @ApiProperty({ description: `Newest first, at most ${MAX_FACTS}`, type: [SenderFactResponse] })
  history!: SenderFactResponse[];

  static from(limits: SenderLimits): SenderLimitsResponse {
    const { portfolioId, limitUsers: users, limitKnownAt, usersLast24h } = limits;
    return Object.assign(new SenderLimitsResponse(), {
      portfolioId,
      messagingLimit: {
        isKnown: limitKnownAt !== null,
        users,
        usersLast24h,
        usersLeft: users === null ? null : Math.max(0, users - (usersLast24h ?? 0)),
        knownAt: limitKnownAt,
      },
      throughput: { perSecond: limits.throughputPerSecond, knownAt: limits.throughputKnownAt },
      quality: limits.quality,
      current: limits.current,
      history: limits.history,
    });
  }
}
