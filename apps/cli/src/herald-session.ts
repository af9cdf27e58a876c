import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccessModule } from '#access';
import { ConfigModule, type Environment, readEnvironment, homeFolder } from '#config';
import { ConversationsModule } from '#conversations';
import { HoldsModule, MonthsModule, ReconciliationModule } from '#delivery';
import { ReplayModule } from '#intake';
import { MessageInterventionsModule, MessageReadsModule } from '#messages';
import { ObservabilityModule } from '#observability';
import { Database, PersistenceModule } from '#persistence';
import { PricingModule } from '#pricing';
import { ReportsModule } from '#reports';
import { SendersModule } from '#senders';
import { TemplatesModule } from '#templates';
import { openOperatorVariables } from './operator-variables.js';

const STATEMENT_TIMEOUT_MS = 15_000;

/** Opens Herald's rooms for one command: only then, so that a wrong call starts no database. */
@Injectable()
export class HeraldSession {
  /** Runs work with the rooms, then closes them and whatever was started for them. */
  async use<T>(work: (rooms: INestApplicationContext) => Promise<T>): Promise<T> {
    const { variables, release } = await openOperatorVariables(homeFolder(process.env), process.env);
    try {
      // stdout belongs to the command's values: nothing is logged.
      const rooms = await openRooms(readEnvironment({ ...variables, LOG_LEVEL: 'silent' }));
      try {
        return await work(rooms);
      } finally {
        await rooms.get(Database).close();
      }
    } finally {
      await release();
    }
  }
}

async function openRooms(environment: Environment): Promise<INestApplicationContext> {
  @Module({
    imports: [
      ConfigModule.with(environment),
      ObservabilityModule,
      PersistenceModule.with({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
      AccessModule,
      SendersModule,
      TemplatesModule,
      MessageReadsModule,
      MessageInterventionsModule,
      HoldsModule,
      ConversationsModule,
      PricingModule,
      ReconciliationModule,
      MonthsModule,
      ReportsModule,
      ReplayModule,
    ],
  })
  class OperatorRooms {}

  return NestFactory.createApplicationContext(OperatorRooms, { logger: false, abortOnError: false });
}
