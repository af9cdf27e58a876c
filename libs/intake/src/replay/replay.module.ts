import { Module } from '@nestjs/common';
import { ReplayInboxService } from './replay-inbox.service.js';

/** The replay of the inbox: needs nothing but the database. */
@Module({ providers: [ReplayInboxService], exports: [ReplayInboxService] })
export class ReplayModule {}
