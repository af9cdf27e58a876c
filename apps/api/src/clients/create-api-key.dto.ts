import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsIn, ValidateBy } from 'class-validator';
import { type Grant, type Scope, SCOPES } from '#access';

const MAX_SENDERS = 1_000;

const isSenderList = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MAX_SENDERS &&
  value.every((sender) => typeof sender === 'string' && /^[\w-]{1,64}$/.test(sender));

/** Body of `POST /v1/clients/{id}/keys`. */
export class CreateApiKeyDto {
  @ApiProperty({
    description: 'What the key may do',
    enum: SCOPES,
    isArray: true,
    example: ['messages:write', 'messages:read'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(SCOPES.length)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @ApiProperty({
    description: 'all, also those that are added later, or phone number ids',
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string' } },
    ],
    example: 'all',
  })
  @ValidateBy({
    name: 'isSenders',
    validator: {
      validate: (value) => value === 'all' || isSenderList(value),
      defaultMessage: () => `$property must be "all" or a list of 1 to ${MAX_SENDERS} phone number ids`,
    },
  })
  senders!: 'all' | string[];

  /** What the key is to be given. */
  toInput(): Grant {
    return { scopes: this.scopes, senders: this.senders };
  }
}
