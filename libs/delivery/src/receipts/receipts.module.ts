import { Module } from '@nestjs/common';
import { KeepReceiptService } from './keep-receipt.service.js';

/** Read receipts as the API takes them: needs nothing but the database. */
@Module({ providers: [KeepReceiptService], exports: [KeepReceiptService] })
export class ReceiptsModule {}
