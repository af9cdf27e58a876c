import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Simulator } from '../simulator.js';
import type { Template } from '../template-catalog.js';
import { GRAPH_VERSION, requireToken, sendGraphError, sendUnknownObject } from './graph-access.js';

type Definition = Partial<Template>;
interface Route {
  Params: { version: string; id: string };
  Querystring: Record<string, string | undefined>;
  Body: Definition | null;
}

/** Creating, editing and deleting templates. What is created or edited is reviewed, and approved a moment later. */
export function templateRoutes(root: FastifyInstance, simulator: Simulator): void {
  void root.register((app, _options, done) => {
    requireToken(app, simulator);
    app.post<Route>(`${GRAPH_VERSION}/:id/message_templates`, ({ params, body }, reply) => {
      const { name, language, category } = body ?? {};
      const missing = Object.entries({ name, language, category }).find(([, value]) => !value);
      if (missing !== undefined) return sendGraphError(reply, 100, `Param ${missing[0]} is required`);
      if (simulator.templates.find(String(name), String(language)) !== undefined)
        return sendGraphError(reply, 100, 'There is already content in this language');
      const template = simulator.templates.put({
        ...body,
        name: String(name),
        language: String(language),
        status: 'PENDING',
      });
      review(simulator, params.id, template);
      return reply.send({ id: template.id, status: template.status, category: template.category });
    });
    app.post<Route>(`${GRAPH_VERSION}/:id`, ({ params, body }, reply) => {
      const template = simulator.templates.byId(params.id);
      if (template === undefined) return sendUnknownObject(reply, params.id);
      const { name, language } = template;
      review(
        simulator,
        simulator.settings.wabaId,
        simulator.templates.put({ ...body, name, language, status: 'PENDING' }),
      );
      return reply.send({ success: true });
    });
    app.delete<Route>(`${GRAPH_VERSION}/:id/message_templates`, ({ params, query }, reply) =>
      remove(simulator, params.id, query, reply),
    );
    done();
  });
}

function remove(simulator: Simulator, wabaId: string, query: Route['Querystring'], reply: FastifyReply): FastifyReply {
  const { name, hsm_id: id } = query;
  const doomed = simulator.templates.all().filter((one) => one.name === name && (id === undefined || one.id === id));
  if (doomed.length === 0) return sendGraphError(reply, 100, `There is no template ${name ?? ''}`);
  for (const template of doomed) {
    simulator.templates.remove(template);
    announce(simulator, wabaId, template, 'PENDING_DELETION');
  }
  return reply.send({ success: true });
}

/** Approves a template once the answer is on its way. */
function review(simulator: Simulator, wabaId: string, { name, language }: Template): void {
  setTimeout(() => {
    if (simulator.templates.find(name, language)?.status !== 'PENDING') return;
    announce(simulator, wabaId, simulator.templates.put({ name, language, status: 'APPROVED' }), 'APPROVED');
  }, simulator.settings.sentDelayMs).unref();
}

/** The webhook that tells of a template's status. */
function announce(simulator: Simulator, wabaId: string, template: Template, event: string): void {
  const value = {
    event,
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
    reason: 'NONE',
    message_template_category: template.category,
  };
  const time = Math.floor(Date.now() / 1_000);
  simulator.dispatcher.post({
    object: 'whatsapp_business_account',
    entry: [{ id: wabaId, time, changes: [{ value, field: 'message_template_status_update' }] }],
  });
}
