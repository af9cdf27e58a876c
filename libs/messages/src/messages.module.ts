import { Module } from '@nestjs/common';
import { ConversationsModule } from '#conversations';
import { PricingModule } from '#pricing';
import { TemplatesModule } from '#templates';
import { AcceptBulkService } from './bulk/accept-bulk.service.js';
import { AcceptMessageService } from './accept-message.service.js';
import { PublishExplanationsService } from './explain/publish-explanations.service.js';
import { ForecastMessagesService } from './forecast-messages.service.js';
import { ForgetKeysService } from './forget-keys.service.js';
import { PresumeDroppedService } from './presumed-dropped/presume-dropped.service.js';
import { WakeAcceptedService } from './wake-accepted.service.js';

/** Messages: how they are accepted, and what is remembered of their keys. Reading them is `MessageReadsModule`. */
@Module({
  imports: [ConversationsModule, PricingModule, TemplatesModule],
  providers: [
    AcceptBulkService,
    AcceptMessageService,
    ForecastMessagesService,
    ForgetKeysService,
    PresumeDroppedService,
    PublishExplanationsService,
    WakeAcceptedService,
  ],
  exports: [
    AcceptBulkService,
    AcceptMessageService,
    ForgetKeysService,
    PresumeDroppedService,
    PublishExplanationsService,
  ],
})
export class MessagesModule {}
