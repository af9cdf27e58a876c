/** A cursor that no page of conversations ended with. */
export class InvalidConversationCursorError extends Error {
  readonly code = 'invalid_cursor';
  readonly field = 'cursor';
  constructor() {
    super('cursor must be the nextCursor of an earlier page');
  }
}
