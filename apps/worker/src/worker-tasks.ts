import { Injectable } from '@nestjs/common';
import { TellEndsService } from '#conversations';
import {
  DeliverMessagesService,
  FeederService,
  HoldService,
  MonthsService,
  PaceService,
  ProgressService,
  ReaperService,
  ReconcileAccountsService,
  ResolverService,
  SendReceiptsService,
  SettleOrJournalService,
  StatusChannelService,
  SweeperService,
  TargetsService,
  TellAlertsService,
  UserBudgetService,
} from '#delivery';
import { ApplyNotificationsService, ReleaseParkedService } from '#intake';
import { FetchMediaService, SweepMediaService } from '#media';
import { ForgetKeysService, PresumeDroppedService, PublishExplanationsService } from '#messages';
import { PriceWaitingService, SettleTiersService } from '#pricing';
import { RefreshRollupsService } from '#reports';
import { ReadLimitsService } from '#senders';
import { SyncTemplatesService } from '#templates';

/** The services that do a worker's work, each called by one processor or loop. */
@Injectable()
export class WorkerTasks {
  constructor(
    readonly delivery: DeliverMessagesService,
    readonly feeder: FeederService,
    readonly reaper: ReaperService,
    readonly resolver: ResolverService,
    readonly channel: StatusChannelService,
    readonly sweeper: SweeperService,
    readonly targets: TargetsService,
    readonly intake: ApplyNotificationsService,
    readonly parking: ReleaseParkedService,
    readonly keys: ForgetKeysService,
    readonly pace: PaceService,
    readonly outcomes: SettleOrJournalService,
    readonly progress: ProgressService,
    readonly dropped: PresumeDroppedService,
    readonly receipts: SendReceiptsService,
    readonly explanations: PublishExplanationsService,
    readonly limits: ReadLimitsService,
    readonly budget: UserBudgetService,
    readonly tiers: SettleTiersService,
    readonly unpriced: PriceWaitingService,
    readonly reconciliation: ReconcileAccountsService,
    readonly media: FetchMediaService,
    readonly mediaSweep: SweepMediaService,
    readonly templates: SyncTemplatesService,
    readonly holds: HoldService,
    readonly alerts: TellAlertsService,
    readonly conversationEnds: TellEndsService,
    readonly rollups: RefreshRollupsService,
    readonly months: MonthsService,
  ) {}
}
