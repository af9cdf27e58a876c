/** The key names the senders that it may use, and this one is not among them. */
export class SenderNotAllowedError extends Error {
  readonly code = 'sender_not_allowed';
  /** @param field where the request names the sender */
  constructor(readonly field: string) {
    super('This key may not use this sender');
  }
}

/** There is no such sender, or none that the key may see. */
export class SenderNotFoundError extends Error {
  readonly code = 'sender_not_found';
  constructor() {
    super('There is no sender of this phone_number_id');
  }
}
