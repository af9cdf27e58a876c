import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Problem } from './problem.js';
import type { FieldProblem } from './request.errors.js';

/** What is wrong with one field. */
export class FieldProblemResponse implements FieldProblem {
  @ApiProperty({ example: 'message.type' })
  field!: string;

  @ApiProperty({ example: 'message_type' })
  code!: string;

  @ApiProperty({ description: 'Its limit and what kind of value came' })
  message!: string;
}

/** An RFC 9457 problem, as the API's description shows it. */
export class ProblemResponse implements Problem {
  @ApiProperty({ example: 'urn:herald:problem:validation_failed' })
  type!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ example: 422 })
  status!: number;

  @ApiProperty()
  detail!: string;

  @ApiProperty({ description: 'Stable: decide by this', example: 'validation_failed' })
  code!: string;

  @ApiProperty({ description: 'Names this one request; the log has the same id' })
  instance!: string;

  @ApiPropertyOptional({ type: [FieldProblemResponse] })
  errors?: FieldProblemResponse[];

  @ApiPropertyOptional({ description: 'With client_reference_used: the message that has it', format: 'uuid' })
  messageId?: string;
}
