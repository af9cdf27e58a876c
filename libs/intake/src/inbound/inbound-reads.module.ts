import { Module } from '@nestjs/common';
import { FindInboundService } from './find-inbound.service.js';
import { ListInboundService } from './list-inbound.service.js';

const SERVICES = [FindInboundService, ListInboundService];

/** The read side of messages of contacts: needs nothing but the database. */
@Module({ providers: SERVICES, exports: SERVICES })
export class InboundReadsModule {}
