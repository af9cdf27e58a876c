import { applyDecorators } from '@nestjs/common';
import { isISO8601, IsOptional, Matches, MaxLength, MinLength, IsString, ValidateBy } from 'class-validator';
import { Transform } from 'class-transformer';
import { AsItCame } from './as-it-came.js';

/** An instant as RFC 3339 asks for: with seconds and a zone, and a day that exists. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Refuses what is no RFC 3339 instant. The field stays a text; `toInput` makes it a Date. */
export const IsInstant = () =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && RFC_3339.test(value) && isISO8601(value, { strict: true }),
      defaultMessage: () => '$property must be an instant like 2026-11-22T12:00:00Z',
    },
  });

/** Clocks differ by this much, ms. */
const MAX_AHEAD_MS = 60_000;

/** Refuses what is no instant, or is yet to come: nobody knows what a contact will do. */
export const IsPastInstant = () =>
  applyDecorators(
    IsInstant(),
    ValidateBy({
      name: 'isPastInstant',
      validator: {
        validate: (value) => !(Date.parse(String(value)) > Date.now() + MAX_AHEAD_MS),
        defaultMessage: () => '$property must be an instant of the past, or now',
      },
    }),
  );

/** A text of a length, without control characters. */
export const IsLine = (min: number, max: number) =>
  applyDecorators(
    IsString(),
    MinLength(min),
    MaxLength(max),
    // eslint would take a literal control character for a slip: \p{Cc} is all of them.
    Matches(/^\P{Cc}*$/u, { message: '$property must not contain control characters' }),
  );

/** A list of up to `max` texts of 1 to `length` characters. One rule, so that a list without an end costs no more than its first item too many. */
export const IsTexts = (max: number, length: number) =>
  applyDecorators(
    AsItCame(),
    ValidateBy({
      name: 'isTexts',
      validator: {
        validate: (value) =>
          Array.isArray(value) &&
          value.length <= max &&
          value.every((text) => typeof text === 'string' && text.length >= 1 && text.length <= length),
        defaultMessage: () => `$property must be a list of at most ${max} texts of 1 to ${length} characters`,
      },
    }),
  );

/** A whole number in a query, where everything is text. */
export const IsQueryNumber = (min: number, max: number) =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ),
    ValidateBy({
      name: 'isQueryNumber',
      validator: {
        validate: (value) => typeof value === 'number' && value >= min && value <= max,
        defaultMessage: () => `$property must be a whole number from ${min} to ${max}`,
      },
    }),
  );
