import { Module } from '@nestjs/common';
import { ConversationsModule } from '#conversations';
import { DeliveryModule, HoldsModule, MonthsModule, ReconciliationModule } from '#delivery';
import { IntakeModule } from '#intake';
import { MediaModule } from '#media';
import { MessagesModule } from '#messages';
import { PricingModule } from '#pricing';
import { ReportsModule } from '#reports';
import { TemplatesModule } from '#templates';
import { WorkerRuntime } from './worker-runtime.js';
import { WorkerTasks } from './worker-tasks.js';

/** The worker: processors and loops, no routes but health. */
@Module({
  imports: [
    ConversationsModule,
    DeliveryModule,
    HoldsModule,
    TemplatesModule,
    IntakeModule,
    MediaModule,
    MessagesModule,
    MonthsModule,
    PricingModule,
    ReconciliationModule,
    ReportsModule,
  ],
  providers: [WorkerRuntime, WorkerTasks],
  exports: [WorkerRuntime],
})
export class WorkerModule {}
