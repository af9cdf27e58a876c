import { Module } from '@nestjs/common';
import { CancelMessageService } from './cancel-message.service.js';
import { RedriveMessagesService } from './redrive-messages.service.js';

const SERVICES = [CancelMessageService, RedriveMessagesService];

/** What people do to messages that exist: cancel, redrive. Needs nothing but the database. */
@Module({ providers: SERVICES, exports: SERVICES })
export class MessageInterventionsModule {}
