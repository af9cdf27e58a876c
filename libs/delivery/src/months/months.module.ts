import { Module } from '@nestjs/common';
import { MonthsService } from './months.service.js';

/** The months by which tables are partitioned, for workers and for operators: needs nothing but the database. */
@Module({ providers: [MonthsService], exports: [MonthsService] })
export class MonthsModule {}
