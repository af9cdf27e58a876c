import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AcceptedBulk, BulkResult } from '#messages';
import { ProblemResponse } from '../../http/problem.response.js';
import { AcceptedMessageResponse } from '../accepted-message.response.js';

/** What became of one item: a message, a duplicate of an earlier one, or an error. */
export class BulkItemResponse {
  @ApiProperty({ description: 'Place in the request, from 0' })
  index!: number;

  @ApiPropertyOptional({ description: 'The message; of a duplicate the one that has its reference', format: 'uuid' })
  id?: string;

  @ApiPropertyOptional({ description: 'As `POST /v1/messages` answers', type: AcceptedMessageResponse })
  message?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Its clientReference was used before, and nothing was made', enum: [true] })
  duplicate?: true;

  @ApiPropertyOptional({ description: 'Why it was refused', type: ProblemResponse })
  error?: object;
}

/** What became of the items, in their order. */
export class BulkResponse {
  @ApiProperty()
  accepted!: number;

  @ApiProperty()
  duplicates!: number;

  @ApiProperty()
  refused!: number;

  @ApiProperty({ type: [BulkItemResponse] })
  results!: BulkResult[];

  static from({ results }: AcceptedBulk): BulkResponse {
    const count = (member: string) => results.filter((result) => member in result).length;
    return Object.assign(new BulkResponse(), {
      accepted: count('message'),
      duplicates: count('duplicate'),
      refused: count('error'),
      results,
    });
  }
}
