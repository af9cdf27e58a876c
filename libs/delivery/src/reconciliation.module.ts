import { Module } from '@nestjs/common';
import { PricingModule } from '#pricing';
import { ReconcileAccountsService } from './reconcile-accounts.service.js';

/** The comparison of charges with Meta's own figures, for workers and for operators. */
@Module({ imports: [PricingModule], providers: [ReconcileAccountsService], exports: [ReconcileAccountsService] })
export class ReconciliationModule {}
