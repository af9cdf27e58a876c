export { type AppMessage, readAppMessages } from './domain/app-message.js';
export {
  type CatalogEntry,
  ERROR_CATALOG,
  type ErrorAction,
  type ErrorRule,
  type ErrorScope,
  type ErrorSighting,
  isKnownError,
  lookupError,
} from './domain/error-catalog.js';
export type { PricingPoint } from './domain/pricing-analytics.js';
export { GraphAnalytics, type PricingRead } from './graph-analytics.js';
export { escapeFormatting } from './domain/formatting/literal-text.js';
export { MAX_TEXT_LENGTH, renderMarkdown } from './domain/formatting/render-markdown.js';
export { type DatedIdentity, identitiesOfChange } from './domain/identity.js';
export { type InboundCall, readInboundCalls } from './domain/inbound-call.js';
export { type MarketingPreference, readMarketingPreferences } from './domain/marketing-preference.js';
export {
  isMessageType,
  MESSAGE_TYPES,
  type MessageType,
  messageObject,
  type MetaMessage,
} from './domain/message-types.js';
export type {
  AccountErrorItem,
  ConversationRef,
  Identity,
  InboundMessageItem,
  NotificationItem,
  OtherItem,
  PersonName,
  Pricing,
  StatusItem,
  UnknownItem,
  UnparsableItem,
} from './domain/notification-item.js';
export { attemptId, type AttemptName, parseAttemptId } from './domain/opaque-id.js';
export { buildReadReceipt, classifyReceipt, type ReceiptOutcome } from './domain/read-receipt.js';
export {
  type Recipient,
  RECIPIENT_KINDS,
  recipientCountry,
  type RecipientKind,
  type RecipientName,
  recipientName,
} from './domain/recipient.js';
export { redactMessage, redactNotification } from './domain/redact-message.js';
export { sanitizeJson, sanitizeText, sanitizeTextTo } from './domain/sanitize.js';
export {
  classifySendResult,
  INTERNAL_BUILD_ERROR,
  MEDIA_DELETED,
  MEDIA_EXPIRED,
  MEDIA_LINK_REFUSED,
  RECIPIENT_OPTED_OUT,
  type SendError,
  type SendErrorCode,
  type SendObservation,
  type SendOutcome,
  TARGET_NOT_SENT,
  TEMPLATE_UNUSABLE,
  WINDOW_CLOSED,
} from './domain/send-outcome.js';
export { buildSendBody, META_APIS, type MetaApi, type SendBodyParts } from './domain/send-request.js';
export { statusRank } from './domain/status-rank.js';
export { type HandshakeQuery, verifyHandshake } from './domain/webhook-handshake.js';
export { splitNotification } from './domain/webhook-parser.js';
export { signWebhook, verifyWebhook } from './domain/webhook-signature.js';
export { cataloguePage } from './catalogue/catalogue-page.js';
export { asV1Request, type SendExample, sendExamples } from './catalogue/send-examples.js';
export { type FixtureFolder, listFixtures, readFixture } from './fixtures/read-fixture.js';
export { GraphClient, type GraphClientOptions, type GraphReceipt, type GraphSend } from './graph-client.js';
export {
  type CreatedTemplate,
  type GraphTemplate,
  GraphTemplates,
  type GraphTemplatesOptions,
  type TemplateResult,
} from './graph-templates.js';
export { GraphSubscriptions, type GraphSubscriptionsOptions, type SubscribedApps } from './graph-subscriptions.js';
export {
  GraphMedia,
  type GraphMediaOptions,
  type MediaFile,
  type MediaUpload,
  type MediaResult,
} from './graph-media.js';
