export { ConversationsModule } from './conversations.module.js';
export { WINDOW_STATES, type WindowStateName } from './domain/window-state.js';
export { type CallHeard, keepInboundCalls } from './queries/keep-calls.query.js';
export { hearSenders, type SenderHeard } from './queries/listening.query.js';
export { noteClosings, type WindowClosing } from './queries/note-closings.query.js';
export { WindowEvidenceService } from './window-evidence.service.js';
export { WindowService, type WindowView } from './window.service.js';
