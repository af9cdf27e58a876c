import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { announceMessage } from '../announce-message.js';
import type { AcceptedMessage } from '../domain/accepted-message.js';
import type { Answer } from '../domain/behaviour.js';
import type { Reception } from '../receive-send.js';
import type { Simulator } from '../simulator.js';
import { sendGraphError } from './graph-access.js';

/** Answers a send as it was decided: in time or late, in Meta's shape, in another one, or not at all. */
export async function answerSend(simulator: Simulator, reception: Reception, reply: FastifyReply): Promise<unknown> {
  switch (reception.kind) {
    case 'read_receipt':
      return reply.send({ success: true });
    case 'refused':
      return sendGraphError(reply, reception.refusal.code, reception.refusal.details);
    case 'not_accepted':
      await delay(simulator, reception.answerDelayMs);
      return write(reception.answer, {}, reply);
    case 'accepted': {
      const { message } = reception;
      await announceMessage(simulator, message);
      await delay(simulator, message.behaviour.answerDelayMs);
      return write(message.behaviour.answer, successBody(message), reply);
    }
  }
}

/** Meta's answer to an accepted message. */
export function successBody({ recipient, wamid, type, behaviour }: AcceptedMessage): object {
  const status = type === 'template' ? { message_status: behaviour.messageStatus } : {};
  const group = recipient.kind === 'group' ? { group_id: recipient.input } : {};
  return {
    messaging_product: 'whatsapp',
    contacts: [
      {
        input: recipient.input,
        ...(recipient.kind === 'phone' ? { wa_id: recipient.waId } : {}),
        ...(recipient.kind === 'user' ? { user_id: recipient.userId } : {}),
      },
    ],
    messages: [{ id: wamid, ...group, ...status }],
  };
}

async function delay(simulator: Simulator, ms: number): Promise<void> {
  if (ms === 0) return;
  simulator.slowAnswers += 1;
  await sleep(ms, undefined, { ref: false });
  simulator.slowAnswers -= 1;
}

function write(answer: Answer, body: object, reply: FastifyReply): unknown {
  switch (answer.kind) {
    case 'success':
      return reply.send(body);
    case 'graph_error':
      return sendGraphError(reply, answer.code);
    case 'raw':
      return reply.code(answer.httpStatus).headers(answer.headers).send(answer.body);
    case 'close':
      reply.hijack();
      return reply.raw.socket?.destroy();
    case 'silence':
      return reply.hijack();
    case 'truncated':
      return truncate(body, reply);
  }
}

/** Announces the whole body, writes half of it and closes the connection. */
function truncate(body: object, reply: FastifyReply): void {
  const text = JSON.stringify(body);
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  reply.raw.write(text.slice(0, text.length / 2), () => reply.raw.socket?.destroy());
}
