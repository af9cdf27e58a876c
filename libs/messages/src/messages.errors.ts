/** This Idempotency-Key came before, with another body. */
export class IdempotencyKeyReusedError extends Error {
  readonly code = 'idempotency_key_reused';
  constructor() {
    super('This Idempotency-Key was used before with another request; a key names one request for good');
  }
}

/** Another request with this Idempotency-Key is being committed right now. */
export class IdempotencyInProgressError extends Error {
  readonly code = 'idempotency_in_progress';
  readonly retryAfterSeconds = 1;
  constructor() {
    super('Another request with this Idempotency-Key is being processed; ask again in a second');
  }
}

/** This client gave the reference to an earlier message, whose id is `messageId`. */
export class ClientReferenceUsedError extends Error {
  readonly code = 'client_reference_used';
  constructor(readonly messageId: string) {
    super(`This clientReference belongs to message ${messageId}; a reference names one message, tags are for grouping`);
  }
}

/** The contact wants no marketing from this account, and the message is marketing. */
export class RecipientOptedOutError extends Error {
  readonly code = 'recipient_opted_out';
  readonly field = 'to';
  constructor() {
    super('This contact has stopped marketing from this account: a template of another category may still be sent');
  }
}
