export { FindInboundService } from './find-inbound.service.js';
export { InboundMessageNotFoundError } from './inbound.errors.js';
export { InboundReadsModule } from './inbound-reads.module.js';
export type { Referral } from './domain/inbound-origin.js';
export type { InboundEdit, InboundMessageView, NamedMessage } from './inbound-view.js';
export { type InboundFilter, type InboundPage, ListInboundService } from './list-inbound.service.js';
