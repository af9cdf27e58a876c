export { ConversationsModule } from './conversations.module.js';
export { InvalidConversationCursorError } from './conversations.errors.js';
export { CONVERSATION_KINDS, type ConversationKind } from './domain/conversation.js';
export {
  type ConversationFilter,
  type ConversationPage,
  ListConversationsService,
} from './list-conversations.service.js';
export {
  CONVERSATION_STATES,
  type ConversationState,
  type ListedConversation,
} from './queries/list-conversations.query.js';
export { type ConversationNews, newsOfStatus } from './domain/conversation-news.js';
export { followConversations } from './follow-conversations.js';
export { WINDOW_STATES, type WindowStateName } from './domain/window-state.js';
export { type CallHeard, keepInboundCalls } from './queries/keep-calls.query.js';
export { opensForCertain } from './queries/heard-types.js';
export { hearSenders, type SenderHeard } from './queries/listening.query.js';
export { noteClosings, type WindowClosing } from './queries/note-closings.query.js';
export { TellEndsService } from './tell-ends.service.js';
export { WindowEvidenceService } from './window-evidence.service.js';
export { WindowService, type WindowView } from './window.service.js';
