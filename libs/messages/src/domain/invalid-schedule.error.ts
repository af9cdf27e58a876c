/** The schedule of a new message cannot be: `field` is the one to change. */
export class InvalidScheduleError extends Error {
  readonly code = 'invalid_schedule';
  constructor(
    readonly field: 'sendAt' | 'expiresAt',
    sentence: string,
  ) {
    super(sentence);
  }
}
