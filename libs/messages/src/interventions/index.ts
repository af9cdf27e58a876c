export { CancelMessageService } from './cancel-message.service.js';
export { redrivableStates } from './domain/why-not.js';
export { MessageNotCancellableError, MessageNotRedrivableError } from './interventions.errors.js';
export { MessageInterventionsModule } from './message-interventions.module.js';
export type { EndedCount, EndedSelection } from './queries/select-ended.query.js';
export { RedriveMessagesService, type RedriveWish } from './redrive-messages.service.js';
