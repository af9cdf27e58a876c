import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { ConversationsModule } from '#conversations';
import { GraphClient } from '#graph-api';
import { MediaModule } from '#media';
import { ReadLimitsService, SendersModule } from '#senders';
import { AttachOrphansService } from './attach-orphans.service.js';
import { UserBudgetService } from './budget/user-budget.service.js';
import { ClaimMessagesService } from './claim-messages.service.js';
import { DeliverMessagesService } from './deliver-messages.service.js';
import { FeederService } from './feeder.service.js';
import { HoldsModule } from './holds.module.js';
import { SettleOrJournalService } from './journal/settle-or-journal.service.js';
import { DeliveryMetrics } from './metrics/delivery-metrics.js';
import { MarketingRuleService } from './preparing/marketing-rule.service.js';
import { PrepareMessagesService } from './preparing/prepare-messages.service.js';
import { ProgressService } from './progress.service.js';
import { LaneBreakerService } from './lane-breaker.service.js';
import { LateResultService } from './late-result.service.js';
import { DueMessagesService } from './pacing/due-messages.service.js';
import { PaceService } from './pacing/pace.service.js';
import { ReaperService } from './reaper.service.js';
import { SendReceiptsService } from './receipts/send-receipts.service.js';
import { ResolverService } from './resolver.service.js';
import { SendAttemptService } from './send-attempt.service.js';
import { SendSlottedService } from './send-slotted.service.js';
import { SettleAttemptService } from './settle-attempt.service.js';
import { StatusChannelService } from './status-channel.service.js';
import { SweeperService } from './sweeper.service.js';
import { TemplateRuleService } from './preparing/template-rule.service.js';
import { TargetsService } from './targets/targets.service.js';
import { WindowRuleService } from './preparing/window-rule.service.js';

const openGraph = (environment: Environment) =>
  new GraphClient({
    baseUrl: environment.GRAPH_API_BASE_URL,
    version: environment.GRAPH_API_VERSION,
    connections: environment.GRAPH_CONNECTIONS,
    connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
    totalTimeoutMs: environment.GRAPH_TIMEOUT_MS,
  });

/** Delivery: from a due row to a settled attempt, and what looks after rows that stopped moving. */
@Module({
  imports: [MediaModule, ConversationsModule, HoldsModule, SendersModule],
  providers: [
    { provide: GraphClient, useFactory: openGraph, inject: [Environment] },
    AttachOrphansService,
    ClaimMessagesService,
    DeliverMessagesService,
    DeliveryMetrics,
    DueMessagesService,
    FeederService,
    LaneBreakerService,
    LateResultService,
    MarketingRuleService,
    PaceService,
    PrepareMessagesService,
    ProgressService,
    ReadLimitsService,
    ReaperService,
    ResolverService,
    SendAttemptService,
    SendReceiptsService,
    SendSlottedService,
    SettleAttemptService,
    SettleOrJournalService,
    StatusChannelService,
    SweeperService,
    TargetsService,
    TemplateRuleService,
    UserBudgetService,
    WindowRuleService,
  ],
  exports: [
    AttachOrphansService,
    DeliverMessagesService,
    FeederService,
    GraphClient,
    PaceService,
    ProgressService,
    ReadLimitsService,
    ReaperService,
    ResolverService,
    SendReceiptsService,
    SettleOrJournalService,
    StatusChannelService,
    SweeperService,
    TargetsService,
    UserBudgetService,
  ],
})
export class DeliveryModule {}
