export { MESSAGE_STATUSES, type MessageError, type MessageStatus, type MessageView } from './message-view.js';
export type { MessageWarning } from './message-warning.js';
export type { Timeline, TimelineEntry } from './timeline.js';
export { FindMessageService } from './find-message.service.js';
export { ListMessagesService, type MessageFilter, type MessagePage } from './list-messages.service.js';
export { MessageReadsModule } from './message-reads.module.js';
export { ReadTimelineService } from './read-timeline.service.js';
export type { Reader } from './reader.js';
export { InvalidCursorError, MessageNotFoundError } from './reads.errors.js';
