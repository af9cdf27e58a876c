export { AcceptMessageService, type AcceptedMessage, type AcceptRequest } from './accept-message.service.js';
export {
  AcceptBulkService,
  type AcceptedBulk,
  type BulkItem,
  type BulkRequest,
  type BulkResult,
} from './bulk/accept-bulk.service.js';
export { DEFAULT_TTL_MS } from './domain/acceptance-policy.js';
export { type AttemptStatus, type ItemArrival, statusSecond, toAttemptStatus } from './domain/attempt-status.js';
export { toldAt } from './domain/told-at.js';
export { AuthenticationRefusedError } from './domain/authentication-rule.js';
export { heraldWamid, messageIdOfWamid } from './domain/herald-wamid.js';
export { InvalidScheduleError } from './domain/invalid-schedule.error.js';
export {
  DELIVERY_POLICIES,
  type DeliveryPolicy,
  type DispatchReason,
  MEDIA_MODES,
  type MediaMode,
  MESSAGE_STATES,
  type MessageState,
  type Priority,
  TEMPLATE_CATEGORIES,
  type TemplateCategory,
} from './domain/message.js';
export { ForgetKeysService } from './forget-keys.service.js';
export {
  ClientReferenceUsedError,
  IdempotencyInProgressError,
  IdempotencyKeyReusedError,
  RecipientOptedOutError,
} from './messages.errors.js';
export { MessagesModule } from './messages.module.js';
export { PresumeDroppedService } from './presumed-dropped/presume-dropped.service.js';
export { recordStatuses, type UnprovenAttempt } from './queries/record-statuses.query.js';
export { DUE_CHANNEL, notifyDue } from './wake-accepted.service.js';
export * from './explain/index.js';
export * from './interventions/index.js';
export * from './reads/index.js';
