import { Module } from '@nestjs/common';
import { FindMessageService } from './find-message.service.js';
import { ListMessagesService } from './list-messages.service.js';
import { ReadTimelineService } from './read-timeline.service.js';

const SERVICES = [FindMessageService, ListMessagesService, ReadTimelineService];

/** The read side of messages: needs nothing but the database. */
@Module({ providers: SERVICES, exports: SERVICES })
export class MessageReadsModule {}
