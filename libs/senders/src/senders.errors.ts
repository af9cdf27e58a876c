/** Herald knows no sender of this phone number id. */
export class UnknownSenderError extends Error {
  readonly code = 'unknown_sender';
  constructor() {
    super('Herald knows no sender of this phone_number_id: add it first');
  }
}

/** An access token was encrypted with a key that is not configured (any more). */
export class UnknownEncryptionKeyError extends Error {
  readonly code = 'unknown_encryption_key';
  constructor(keyId: string) {
    super(`encryption key "${keyId}" is not in HERALD_ENCRYPTION_KEYS, and an access token needs it`);
  }
}

/** An encrypted access token does not open: it was altered, or belongs to another row, or its key was replaced. */
export class DecryptionFailedError extends Error {
  readonly code = 'decryption_failed';
  constructor() {
    super('an access token cannot be decrypted: it was altered, or its key is another one now');
  }
}
