import { Module } from '@nestjs/common';
import { AcceptMessageService } from './accept-message.service.js';
import { ForgetKeysService } from './forget-keys.service.js';
import { WakeAcceptedService } from './wake-accepted.service.js';

/** Messages: how they are accepted, and what is remembered of their keys. Reading them is `MessageReadsModule`. */
@Module({
  providers: [AcceptMessageService, ForgetKeysService, WakeAcceptedService],
  exports: [AcceptMessageService, ForgetKeysService],
})
export class MessagesModule {}
