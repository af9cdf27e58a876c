import { Module } from '@nestjs/common';
import { DeliveryModule, HoldsModule } from '#delivery';
import { IntakeModule } from '#intake';
import { MediaModule } from '#media';
import { MessagesModule } from '#messages';
import { PricingModule } from '#pricing';
import { TemplatesModule } from '#templates';
import { WorkerRuntime } from './worker-runtime.js';
import { WorkerTasks } from './worker-tasks.js';

/** The worker: processors and loops, no routes but health. */
@Module({
  imports: [DeliveryModule, HoldsModule, TemplatesModule, IntakeModule, MediaModule, MessagesModule, PricingModule],
  providers: [WorkerRuntime, WorkerTasks],
  exports: [WorkerRuntime],
})
export class WorkerModule {}
