import { IsOptional } from 'class-validator';
import { Degrees, Text } from './rules.js';

/** `location`, also in the header of a template. Zero is a place. */
export class LocationContent {
  @Degrees(90)
  latitude!: unknown;

  @Degrees(180)
  longitude!: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  name?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  address?: unknown;
}
