/** No hold stands on this scope and id. */
export class HoldNotFoundError extends Error {
  readonly code = 'hold_not_found';
  constructor() {
    super('Nothing is held on this scope and id');
  }
}
