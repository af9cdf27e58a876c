import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsString } from 'class-validator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequireScope } from '#access';
import { ConfigModule, readEnvironment } from '#config';
import { Logger, ObservabilityModule, OpenRoute } from '#observability';
import { Database, PersistenceModule } from '#persistence';
import { Queues, QueuesModule } from '#queues';
import { ApiModule } from '../src/api.module.js';
import { createHttpApp } from '../src/http-server.js';
import { walkRoutes } from './route-walk.js';

class FineDto {
  @IsString()
  name!: string;
}
class DtoWithoutRules {
  name!: string;
}

/** Each route but the last makes one mistake. */
@Controller('mistakes')
class MistakesController {
  @Get('undeclared')
  undeclared() {
    return 'a secret';
  }

  @Get('both')
  @RequireScope('media')
  @OpenRoute('for this test')
  both() {
    return 'a secret';
  }

  @Post('untyped')
  @RequireScope('media')
  untyped(@Body() _body: Record<string, unknown>) {}

  @Post('ruleless')
  @RequireScope('media')
  ruleless(@Body() _body: DtoWithoutRules) {}

  @Post('piece')
  @RequireScope('media')
  piece(@Body('name') _name: string) {}

  @Get('query')
  @RequireScope('media')
  query(@Query() _query: object) {}

  @Post('fine')
  @RequireScope('media')
  fine(@Body() _body: FineDto) {}
}

const environment = readEnvironment({
  // Nobody listens there: walking needs no database.
  DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/none',
  META_APP_SECRET: 'a-secret-of-the-tests',
  META_VERIFY_TOKEN: 'a-token-of-the-tests',
  LOG_LEVEL: 'silent',
  HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
});
@Module({
  imports: [
    ConfigModule.with(environment),
    ObservabilityModule,
    PersistenceModule.with({ statementTimeoutMs: 1_000 }),
    QueuesModule.with(environment),
    ApiModule,
    DiscoveryModule,
  ],
  controllers: [MistakesController],
})
class WalkedModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await createHttpApp(WalkedModule, Logger.create('silent'));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await app.get(Queues).close();
  await app.get(Database).close();
});

/** Every path that Fastify answers, read from the tree that it draws of them: four characters a level. */
function servedPaths(server: NestFastifyApplication): string[] {
  const above: string[] = [];
  const lines = server.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).trimEnd().split('\n');
  return lines.map((line) => {
    const [, indent = '', path = ''] = /^([│├└─ ]*)(\S+) \(/.exec(line) ?? [];
    const level = indent.length / 4;
    above[level] = (above[level - 1] ?? '') + path;
    return above[level];
  });
}

describe('the routes of the API', () => {
  const ours = () => walkRoutes(app).filter(({ name }) => !name.includes('/mistakes/'));

  it('all say whom they answer, and check what they take', () => {
    expect(ours().filter(({ flaws }) => flaws.length > 0)).toEqual([]);
  });

  it('are these', () => {
    expect(
      ours()
        .map(({ name, access }) => `${name} ${access}`)
        .sort(),
    ).toEqual([
      'DELETE /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id media',
      'DELETE /v1/alerts/:kind/:scope/:scopeId operations',
      'DELETE /v1/clients/:clientId/keys/:keyId clients',
      'DELETE /v1/holds/:scope/:scopeId operations',
      'DELETE /v1/media/:id media',
      'DELETE /v1/templates/:id templates',
      'GET /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id messages:read',
      'GET /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id/message_templates messages:read',
      'GET /health/live orchestrators ask it; it says nothing of any client',
      'GET /health/ready orchestrators ask it; it says nothing of any client',
      'GET /metrics scrapers ask it; it holds counts, and nothing of any client',
      'GET /v1/alerts operations',
      'GET /v1/clients clients',
      'GET /v1/clients/:clientId/keys clients',
      'GET /v1/contacts inbound:read',
      'GET /v1/contacts/:id inbound:read',
      'GET /v1/conversations inbound:read',
      'GET /v1/holds operations',
      'GET /v1/inbound-messages inbound:read',
      'GET /v1/inbound-messages/:wamid inbound:read',
      'GET /v1/media/:id media',
      'GET /v1/media/:id/metadata media',
      'GET /v1/messages messages:read',
      'GET /v1/messages/:id messages:read',
      'GET /v1/messages/:id/timeline messages:read',
      'GET /v1/rate-cards reports:read',
      'GET /v1/rate-cards/:id/rates reports:read',
      'GET /v1/reports/delivery reports:read',
      'GET /v1/reports/failures reports:read',
      'GET /v1/reports/latency reports:read',
      'GET /v1/reports/limits reports:read',
      'GET /v1/reports/limits-history reports:read',
      'GET /v1/reports/pricing reports:read',
      'GET /v1/reports/queue reports:read',
      'GET /v1/reports/reconciliation reports:read',
      'GET /v1/reports/windows reports:read',
      'GET /v1/senders senders',
      'GET /v1/senders/:phoneNumberId senders',
      'GET /v1/senders/:phoneNumberId/limits senders',
      'GET /v1/templates templates',
      'GET /v1/templates/:id templates',
      'GET /v1/windows/:sender/:contact inbound:read',
      'PATCH /v1/templates/:id templates',
      'POST /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id/marketing_messages messages:write',
      'POST /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id/media media',
      'POST /:version(^v(?:1[3-9]|[2-9][0-9])\\.0$)/:id/messages messages:write',
      'POST /v1/clients clients',
      'POST /v1/clients/:clientId/disable clients',
      'POST /v1/clients/:clientId/enable clients',
      'POST /v1/clients/:clientId/keys clients',
      'POST /v1/inbound-messages/:wamid/read messages:write',
      'POST /v1/media media',
      'POST /v1/messages messages:write',
      'POST /v1/messages/:id/cancel messages:write',
      'POST /v1/messages/:id/redrive messages:write',
      'POST /v1/messages/bulk messages:write',
      'POST /v1/messages/redrive messages:write',
      'POST /v1/rate-cards operations',
      'POST /v1/senders senders',
      'POST /v1/templates templates',
      'POST /v1/templates/sync templates',
    ]);
  });

  it('are all that the server has, beside the docs', () => {
    const served = servedPaths(app).filter((path) => !/^\/docs(\/|-json|$)/.test(path));
    const walked = walkRoutes(app).map(({ name }) => name.replace(/^\w+ /, ''));
    expect(served.sort()).toEqual([...new Set(walked)].sort());
  });
});

describe('the walk finds', () => {
  it.each([
    ['GET /mistakes/undeclared', 'names no scope and is not declared open'],
    ['GET /mistakes/both', 'names a scope and is declared open'],
    ['POST /mistakes/untyped', 'takes a body without a class of rules'],
    ['POST /mistakes/ruleless', 'takes a body without a class of rules'],
    ['POST /mistakes/piece', 'takes one field of its body without a class of rules'],
    ['GET /mistakes/query', 'takes a query without a class of rules'],
  ])('%s: %s', (route, flaw) => {
    expect(walkRoutes(app).find(({ name }) => name === route)?.flaws).toEqual([flaw]);
  });

  it('nothing in a route that is as it should be', () => {
    expect(walkRoutes(app).find(({ name }) => name === 'POST /mistakes/fine')).toMatchObject({
      access: 'media',
      flaws: [],
    });
  });
});

describe('a route that says nothing', () => {
  it('answers nobody', async () => {
    const { statusCode, json } = await app.inject({
      url: '/mistakes/undeclared',
      headers: { authorization: 'Bearer hk_anything-that-looks-like-a-key' },
    });
    expect(statusCode).toBe(403);
    expect(json()).toMatchObject({ code: 'route_not_declared' });
  });

  it('is not open because it also says so', async () => {
    expect((await app.inject({ url: '/mistakes/both' })).statusCode).toBe(401);
  });
});

describe('without a database', () => {
  it('says 503 and when to come back', async () => {
    const { statusCode, headers, json } = await app.inject({
      url: '/v1/messages',
      headers: { authorization: 'Bearer hk_anything-that-looks-like-a-key' },
    });
    expect(statusCode).toBe(503);
    expect(headers['retry-after']).toBe('5');
    expect(json()).toMatchObject({ code: 'database_unavailable', title: 'The database does not answer' });
  });

  it('lives and is not ready', async () => {
    expect((await app.inject({ url: '/health/live' })).statusCode).toBe(200);
    expect((await app.inject({ url: '/health/ready' })).statusCode).toBe(503);
  });

  it('still shows its docs', async () => expect((await app.inject({ url: '/docs' })).statusCode).toBe(200));
});
