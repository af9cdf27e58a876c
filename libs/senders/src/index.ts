export { AddSenderService, type NewSender } from './add-sender.service.js';
export { fingerprintOf } from './domain/fingerprint.js';
export { META_ID, OWNER_NAME } from './domain/meta-id.js';
export type { Sender, SenderCredentials } from './domain/sender.js';
export { SENDER_TTL_MS, SenderDirectory } from './sender-directory.js';
export { DecryptionFailedError, UnknownEncryptionKeyError, UnknownSenderError } from './senders.errors.js';
export { SendersModule } from './senders.module.js';
export { TokenVault } from './token-vault.js';
