import { ApiProperty } from '@nestjs/swagger';
import { type Explanation, type Move, MOVES } from '#messages';

/** A message in words. */
export class ExplanationResponse implements Explanation {
  @ApiProperty({ description: 'What happened', example: 'It was delivered and read' })
  what!: string;

  @ApiProperty({ description: 'Why, in Meta’s terms', type: String, nullable: true, example: null })
  why!: string | null;

  @ApiProperty({ description: 'Whose move it is', enum: MOVES })
  move!: Move;

  @ApiProperty({ description: 'What to do, for whoever’s move it is', example: 'Nothing to do.' })
  advice!: string;
}
