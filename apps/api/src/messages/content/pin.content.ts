import { IsOptional } from 'class-validator';
import { Digits, OneOf, Text } from './rules.js';

/** `pin`, in groups only. */
export class PinContent {
  @OneOf('pin', 'unpin')
  type!: unknown;

  @Text()
  message_id!: unknown;

  @IsOptional()
  @Digits(1)
  expiration_days?: unknown;
}
