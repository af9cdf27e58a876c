import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessGuard, AccessModule } from '#access';
import { ContactsModule } from '#contacts';
import { ConversationsModule } from '#conversations';
import { HoldsModule, ReceiptsModule } from '#delivery';
import { InboundReadsModule } from '#intake';
import { MediaModule } from '#media';
import { MessageInterventionsModule, MessageReadsModule, MessagesModule } from '#messages';
import { PricingModule } from '#pricing';
import { ReportsModule } from '#reports';
import { SendersModule } from '#senders';
import { TemplatesModule } from '#templates';
import { CloudMediaController } from './cloud-api/cloud-media.controller.js';
import { CloudMessagesController } from './cloud-api/cloud-messages.controller.js';
import { CloudNodesController } from './cloud-api/cloud-nodes.controller.js';
import { CloudTemplatesController } from './cloud-api/cloud-templates.controller.js';
import { SubmitCloudMessageService } from './cloud-api/submit-cloud-message.service.js';
import { ApiKeysController } from './clients/api-keys.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { ViewContactService } from './contacts/view-contact.service.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { createValidationPipe } from './http/validation.js';
import { InboundMessagesController } from './inbound/inbound-messages.controller.js';
import { MarkReadService } from './inbound/mark-read.service.js';
import { MediaController } from './media/media.controller.js';
import { UploadMediaService } from './media/upload-media.service.js';
import { InterveneService } from './messages/interventions/intervene.service.js';
import { MessageInterventionsController } from './messages/interventions/message-interventions.controller.js';
import { MessagesBulkController } from './messages/bulk/messages-bulk.controller.js';
import { SubmitBulkService } from './messages/bulk/submit-bulk.service.js';
import { MessagesController } from './messages/messages.controller.js';
import { SubmitMessageService } from './messages/submit-message.service.js';
import { AlertsController } from './operations/alerts.controller.js';
import { HoldsController } from './operations/holds.controller.js';
import { RateCardsController } from './pricing/rate-cards.controller.js';
import { ReconciliationController } from './reports/reconciliation.controller.js';
import { CostReportController } from './reports/cost-report.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { AdmitSenderService } from './senders/admit-sender.service.js';
import { SendersController } from './senders/senders.controller.js';
import { ViewSendersService } from './senders/view-senders.service.js';
import { TemplatesController } from './templates/templates.controller.js';
import { UseTemplatesService } from './templates/use-templates.service.js';
import { WindowsController } from './windows/windows.controller.js';

/**
 * Everything under `/v1`, the drop-in Cloud API, and the guard, filter and validation of the whole process. Needs Config, Observability,
 * Persistence and Queues beside it.
 */
@Module({
  imports: [
    AccessModule,
    SendersModule,
    TemplatesModule,
    MessagesModule,
    MessageReadsModule,
    MessageInterventionsModule,
    HoldsModule,
    ReceiptsModule,
    MediaModule,
    PricingModule,
    ReportsModule,
    ContactsModule,
    ConversationsModule,
    InboundReadsModule,
  ],
  controllers: [
    MessageInterventionsController,
    InboundMessagesController,
    MessagesBulkController,
    MessagesController,
    ClientsController,
    ApiKeysController,
    SendersController,
    MediaController,
    HoldsController,
    AlertsController,
    RateCardsController,
    ReconciliationController,
    CostReportController,
    ReportsController,
    WindowsController,
    ContactsController,
    ConversationsController,
    TemplatesController,
    CloudMessagesController,
    CloudMediaController,
    CloudTemplatesController,
    CloudNodesController,
  ],
  providers: [
    SubmitMessageService,
    SubmitBulkService,
    SubmitCloudMessageService,
    MarkReadService,
    InterveneService,
    AdmitSenderService,
    UploadMediaService,
    ViewContactService,
    ViewSendersService,
    UseTemplatesService,
    { provide: APP_GUARD, useExisting: AccessGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: createValidationPipe },
  ],
})
export class ApiModule {}
