import type { LineProblem, Validity } from './domain/rate-card.js';

/** A rate card with lines that cannot be read; nothing of it was imported. */
export class RateCardInvalidError extends Error {
  readonly code = 'rate_card_invalid';
  /** The same as fields of a request. */
  readonly errors: readonly { field: string; code: string; message: string }[];
  constructor(readonly problems: readonly LineProblem[]) {
    super(
      `The rate card has ${problems.length} wrong lines: ${problems.map(({ file, line, problem }) => `${file} line ${line}: ${problem}`).join('; ')}`,
    );
    this.errors = problems.map(({ file, line, problem }) => ({
      field: file === 'card' ? 'csv' : 'tiersCsv',
      code: 'rate_card_line',
      message: `line ${line}: ${problem}`,
    }));
  }
}

/** A day, currency or source of a rate card that cannot be. */
export class RateCardFieldError extends Error {
  readonly code = 'rate_card_field_invalid';
  constructor(
    readonly field: 'validFrom' | 'validUntil',
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** Another card of the currency has a day that this one claims. */
export class RateCardOverlapError extends Error {
  readonly code = 'rate_card_overlap';
  constructor(currency: string, asked: Validity, standing: Validity) {
    super(`A card in ${currency} ${days(asked)} would overlap the one ${days(standing)}`);
  }
}

/** No card has this id. */
export class RateCardNotFoundError extends Error {
  readonly code = 'rate_card_not_found';
  constructor(id: string) {
    super(`There is no rate card ${id}`);
  }
}

const days = ({ validFrom, validUntil }: Validity) =>
  `from ${validFrom}${validUntil === null ? ' on' : ` until ${validUntil}`}`;
