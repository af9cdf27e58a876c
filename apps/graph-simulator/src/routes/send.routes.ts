import type { FastifyInstance } from 'fastify';
import { answerSend } from './answer-send.js';
import { receiveSend } from '../receive-send.js';
import type { Simulator } from '../simulator.js';
import { GRAPH_VERSION, isTokenValid } from './graph-access.js';

interface SendRoute {
  Params: { phoneNumberId: string };
}

/** `POST /{version}/{phone-number-id}/messages` and `/marketing_messages`: messages and read receipts. */
export function sendRoutes(app: FastifyInstance, simulator: Simulator): void {
  for (const api of ['messages', 'marketing_messages'] as const) {
    app.post<SendRoute>(`${GRAPH_VERSION}/:phoneNumberId/${api}`, (request, reply) => {
      const { phoneNumberId } = request.params;
      const send = { api, phoneNumberId, isTokenValid: isTokenValid(simulator, request), body: request.body };
      return answerSend(simulator, receiveSend(simulator, send, Date.now()), reply);
    });
  }
}
