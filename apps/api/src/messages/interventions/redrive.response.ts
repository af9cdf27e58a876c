import { ApiProperty } from '@nestjs/swagger';
import { type EndedCount, MESSAGE_STATES } from '#messages';

/** How many ended messages of one kind there are. */
export class EndedCountResponse implements EndedCount {
  @ApiProperty({ enum: MESSAGE_STATES })
  state!: EndedCount['state'];

  @ApiProperty({ description: 'The word for why they ended', example: 'rejected' })
  reason!: string;

  @ApiProperty({ type: Number, nullable: true, example: 131042 })
  errorCode!: number | null;

  @ApiProperty()
  count!: number;
}

/** What a redrive by filter found, and did. */
export class RedriveResponse {
  @ApiProperty({ description: 'Messages that the filter held' })
  matched!: number;

  @ApiProperty({ description: 'Messages that are queued again; 0 in a dry run' })
  redriven!: number;

  @ApiProperty({ description: 'What the filter held before, most frequent first', type: [EndedCountResponse] })
  kinds!: EndedCountResponse[];

  static from(kinds: EndedCount[], redriven: number): RedriveResponse {
    const matched = kinds.reduce((sum, { count }) => sum + count, 0);
    return Object.assign(new RedriveResponse(), { matched, redriven, kinds });
  }
}
