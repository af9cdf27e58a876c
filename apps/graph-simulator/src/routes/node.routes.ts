import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageOf } from '../domain/cursor-page.js';
import { chooseFields } from '../domain/graph-fields.js';
import { readFixture } from '../fixtures.js';
import { phoneNumberNode, templateNode, wabaNode } from '../graph-nodes.js';
import type { GraphNode } from '../graph-nodes.js';
import { pricingAnalytics } from '../pricing-analytics.js';
import { numberExists, numbersOfWaba, wabaExists } from '../phone-numbers.js';
import type { Simulator } from '../simulator.js';
import { GRAPH_VERSION, requireToken, sendGraphError, sendUnknownObject } from './graph-access.js';
import { mediaNode } from './media.routes.js';

interface NodeRoute {
  Params: { version: string; id: string };
  Querystring: Record<string, string | undefined>;
}

/** What looks like an id of our media, but is none that we have. */
const MEDIA_ID = /^70000000\d{7}$/;

const usage = readFixture<Record<string, string>>('graph/headers_usage.json');
const subscribedApps = readFixture<object>('graph/subscribed_apps.json');

/** Reading nodes (phone number, business account, template, media) and the edges of the business account. */
export function nodeRoutes(root: FastifyInstance, simulator: Simulator): void {
  void root.register((app, _options, done) => {
    requireToken(app, simulator);
    app.addHook('onRequest', async (_request, reply) => void reply.headers(usage));
    app.get<NodeRoute>(`${GRAPH_VERSION}/:id`, (request, reply) => {
      const media = simulator.media.find(request.params.id);
      if (media !== undefined) return mediaNode(media, request);
      const node = findNode(simulator, request.params.id);
      if (node === null) return sendUnknownObject(reply, request.params.id);
      const { fields = '' } = request.query;
      const isWaba = wabaExists(request.params.id, simulator.settings);
      const analytics = isWaba ? pricingAnalytics(simulator, request.params.id, fields) : null;
      if (analytics === null) return sendNode(node, fields, reply);
      if ('problem' in analytics) return sendGraphError(reply, 100, analytics.problem);
      const extra = { ...node.extra, pricing_analytics: analytics.value };
      return sendNode({ ...node, extra }, fields, reply);
    });
    app.get<NodeRoute>(`${GRAPH_VERSION}/:id/message_templates`, (request, reply) => {
      const { name, status, category, language } = request.query;
      const wanted = Object.entries({ name, status, category, language }).filter(([, value]) => value !== undefined);
      const templates = simulator.templates
        .all()
        .filter((template) => wanted.every(([key, value]) => template[key as keyof typeof template] === value));
      return sendPage(templates.map(templateNode), request, reply);
    });
    app.get<NodeRoute>(`${GRAPH_VERSION}/:id/phone_numbers`, (request, reply) => {
      const { settings } = simulator;
      const nodes = numbersOfWaba(request.params.id, settings).map((id) => phoneNumberNode(id, settings));
      return sendPage(nodes, request, reply);
    });
    app.get<NodeRoute>(`${GRAPH_VERSION}/:id/subscribed_apps`, () => subscribedApps);
    app.post<NodeRoute>(`${GRAPH_VERSION}/:id/subscribed_apps`, () => ({ success: true }));
    done();
  });
}

/** Every id that is nothing else is a phone number, unless the existing ones are configured. */
function findNode({ settings, templates }: Simulator, id: string): GraphNode | null {
  if (wabaExists(id, settings)) return wabaNode(id);
  const template = templates.all().find((candidate) => candidate.id === id);
  if (template !== undefined) return templateNode(template);
  if (MEDIA_ID.test(id) || !/^\d+$/.test(id)) return null;
  return numberExists(id, settings) ? phoneNumberNode(id, settings) : null;
}

function sendNode({ usual, extra }: GraphNode, fields: string | undefined, reply: FastifyReply): FastifyReply {
  const choice = chooseFields(usual, extra, fields);
  return choice.kind === 'node' ? reply.send(choice.node) : sendUnknownField(reply, choice.field);
}

function sendPage(nodes: GraphNode[], request: FastifyRequest<NodeRoute>, reply: FastifyReply): FastifyReply {
  const { query } = request;
  const choices = nodes.map(({ usual, extra }) => chooseFields(usual, extra, query.fields));
  const unknown = choices.find((choice) => choice.kind === 'unknown');
  if (unknown !== undefined) return sendUnknownField(reply, unknown.field);
  const rows = choices.flatMap((choice) => (choice.kind === 'node' ? [choice.node] : []));
  return reply.send(pageOf(rows, query, (cursor) => neighbourUrl(request, cursor)));
}

/** The address of this request with another cursor; never with a token in it. */
function neighbourUrl({ host, url, query }: FastifyRequest<NodeRoute>, cursor: Record<string, string>): string {
  const { after: _after, before: _before, ...rest } = query;
  const kept = Object.entries(rest).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `http://${host}${url.split('?')[0]}?${new URLSearchParams([...kept, ...Object.entries(cursor)]).toString()}`;
}

function sendUnknownField(reply: FastifyReply, field: string): FastifyReply {
  return sendGraphError(reply, 100, `Tried accessing nonexisting field (${field})`);
}
