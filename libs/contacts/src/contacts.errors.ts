/** No contact has this id, or none whom the caller may see. */
export class ContactNotFoundError extends Error {
  readonly code = 'contact_not_found';
  constructor() {
    super('There is no such contact');
  }
}

/** A cursor that no page of contacts ended with. */
export class InvalidContactCursorError extends Error {
  readonly code = 'invalid_cursor';
  readonly field = 'cursor';
  constructor() {
    super('cursor must be the nextCursor of an earlier page');
  }
}
