import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { ERROR_CATALOG } from '../domain/error-catalog.js';
import { contactKey, customerOf } from '../domain/identity.js';
import { SCENARIOS } from '../domain/recipient-scenarios.js';
import { scenarioOfName } from '../domain/scenario-choice.js';
import { injectInbound } from '../inject-inbound.js';
import type { InboundRequest } from '../inject-inbound.js';
import type { LogQuery } from '../request-log.js';
import type { Simulator } from '../simulator.js';
import type { Template } from '../template-catalog.js';

const IDLE_LOOK_MS = 10;
const DEFAULT_IDLE_TIMEOUT_MS = 30_000;

/** The control API, for tests and demos: no token, no Graph shapes; a wrong request is answered 400 `{error}`. */
export function controlRoutes(root: FastifyInstance, simulator: Simulator): void {
  void root.register(
    (app, _options, done) => {
      app.setErrorHandler((error: Error, _request, reply) => reply.code(400).send({ error: error.message }));
      stateRoutes(app, simulator);
      recipientRoutes(app, simulator);
      webhookRoutes(app, simulator);
      done();
    },
    { prefix: '/_simulator' },
  );
}

function stateRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.post<{ Body: { keepSettings?: boolean } | null }>('/reset', ({ body }) => {
    simulator.reset(body ?? {});
    return { reset: true };
  });
  app.get('/stats', () => simulator.stats());
  app.get('/settings', () => simulator.settings);
  app.patch<{ Body: Record<string, unknown> }>('/settings', ({ body }) => {
    simulator.change(body);
    return simulator.settings;
  });
  app.get<{ Querystring: Record<keyof LogQuery, string | undefined> }>('/requests', ({ query }) => ({
    requests: simulator.log.find({
      ...query,
      afterSeq: Number(query.afterSeq ?? 0),
      limit: Number(query.limit ?? 1000),
    }),
  }));
  app.put<{ Body: Partial<Template> & Pick<Template, 'name' | 'language'> }>('/templates', ({ body }) => {
    if (!body?.name || !body.language) throw new Error('name and language are expected');
    return simulator.templates.put(body);
  });
  app.get('/redirected', () => {
    simulator.redirectsFollowed += 1;
    return { followed: true };
  });
}

function recipientRoutes(app: FastifyInstance, { recipients }: Simulator): void {
  app.get('/scenarios', () => ({
    scenarios: SCENARIOS.map(({ numbers, name, parameter, does }) => ({
      numbers: `+1 555 ${numbers}`,
      name,
      parameter,
      does,
    })),
    errors: ERROR_CATALOG,
  }));
  app.put<{ Params: { recipient: string }; Body: { scenario?: string; parameter?: number } | null }>(
    '/recipients/:recipient',
    ({ params, body }) => {
      const chosen = scenarioOfName(body?.scenario ?? '', body?.parameter ?? 0);
      if (chosen === null) throw new Error(`no scenario is called ${body?.scenario}`);
      recipients.assign(contactOfParam(params.recipient), chosen);
      return { recipient: params.recipient, scenario: chosen.name };
    },
  );
  app.delete<{ Params: { recipient: string } }>('/recipients/:recipient', ({ params }) => {
    recipients.unassign(contactOfParam(params.recipient));
    return { recipient: params.recipient, scenario: null };
  });
}

function webhookRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.post<{ Body: InboundRequest }>('/inbound', ({ body }) => injectInbound(simulator, body, Date.now()));
  app.post<{ Body: { value?: object; field?: string; wabaId?: string; envelope?: object } }>(
    '/webhooks',
    ({ body }) => {
      const { value, field = 'messages', wabaId = simulator.settings.wabaId, envelope } = body;
      if (!envelope && !value) throw new Error('value or envelope is expected');
      simulator.dispatcher.post(
        envelope ?? { object: 'whatsapp_business_account', entry: [{ id: wabaId, changes: [{ value, field }] }] },
      );
      return { posted: true };
    },
  );
  app.post('/webhooks/pause', () => {
    simulator.dispatcher.pause();
    return simulator.stats();
  });
  app.post('/webhooks/resume', () => {
    simulator.dispatcher.resume();
    return simulator.stats();
  });
  app.post<{ Body: { timeoutMs?: number } | null }>('/wait-idle', async ({ body }) => {
    const deadline = Date.now() + (body?.timeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS);
    while (!simulator.isIdle && Date.now() < deadline) await sleep(IDLE_LOOK_MS);
    return { idle: simulator.isIdle };
  });
}

/** How limits, windows and scenarios know a recipient that is a phone number in any spelling, a user id or a group id. */
function contactOfParam(recipient: string): string {
  const customer = customerOf(recipient);
  return customer === null ? recipient : contactKey(customer);
}
