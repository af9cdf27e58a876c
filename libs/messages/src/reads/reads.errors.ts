/** The reader has no message of this id; whether somebody else has one is not said. */
export class MessageNotFoundError extends Error {
  readonly code = 'message_not_found';
  constructor() {
    super('There is no message of this id');
  }
}

/** A cursor that no page of ours ended with. */
export class InvalidCursorError extends Error {
  readonly code = 'invalid_cursor';
  readonly field = 'cursor';
  constructor() {
    super('cursor must be the nextCursor of an earlier page');
  }
}
