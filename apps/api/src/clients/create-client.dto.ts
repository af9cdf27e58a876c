import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

/** Letters and digits of any script first, then also spaces and . _ - */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u;

/** Body of `POST /v1/clients`. */
export class CreateClientDto {
  @ApiProperty({ description: 'Used once', maxLength: 100, example: 'shop' })
  @Matches(NAME, {
    message: '$property must be 1 to 100 letters, digits, spaces or . _ - and begin with a letter or digit',
  })
  name!: string;
}
