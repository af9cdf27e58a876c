/** The key names the senders that it may use, and this one is not among them. */
export class SenderNotAllowedError extends Error {
  readonly code = 'sender_not_allowed';
  /** @param field where the request names the sender */
  constructor(readonly field: string) {
    super(
      field === 'wabaId'
        ? 'This key may not change an account that it shares with senders it may not use: leave portfolioId, currency and timezone out'
        : 'This key may not use this sender',
    );
  }
}

/** There is no such sender, or none that the key may see. */
export class SenderNotFoundError extends Error {
  readonly code = 'sender_not_found';
  constructor() {
    super('There is no sender of this phone_number_id');
  }
}
