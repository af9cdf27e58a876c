import { acceptMessage } from './accept-message.js';
import type { AcceptedMessage } from './domain/accepted-message.js';
import type { Answer } from './domain/behaviour.js';
import { contactKey } from './domain/identity.js';
import { parseSendBody } from './domain/send-request.js';
import type { SendRequest } from './domain/send-request.js';
import type { LoggedRequest } from './request-log.js';
import { refusalOfCaller, refusalOfMessage } from './send-refusals.js';
import type { IncomingSend, Refusal } from './send-refusals.js';
import type { Simulator } from './simulator.js';

/** What the simulator makes of a send, before anything is written to the socket. */
export type Reception =
  | { kind: 'read_receipt' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'not_accepted'; answer: Answer; answerDelayMs: number }
  | { kind: 'accepted'; message: AcceptedMessage };

/** Decides on one send: may the caller send, is the message in order, what does the recipient's scenario say. Logs it. */
export function receiveSend(simulator: Simulator, send: IncomingSend, now: number): Reception {
  const parsed = parseSendBody(send.body);
  const request = parsed.kind === 'message' ? parsed.request : null;
  const callerRefusal = refusalOfCaller(simulator, send);
  if (parsed.kind === 'mark_read') {
    if (callerRefusal !== null) return { kind: 'refused', refusal: callerRefusal };
    simulator.readReceipts += 1;
    return { kind: 'read_receipt' };
  }
  const refusal = callerRefusal ?? refusalOfMessage(simulator, send, parsed, now);
  if (request !== null && refusal === null) return treat(simulator, send, request, now);
  const { code, details } = refusal ?? { code: 100 };
  simulator.log.add({ ...factsOf(send, request), scenario: null, outcome: 'refused', code, wamid: null }, now);
  return { kind: 'refused', refusal: { code, details } };
}

/** Treats a message that is in order as its recipient's scenario says. */
function treat(simulator: Simulator, send: IncomingSend, request: SendRequest, now: number): Reception {
  const { scenario, behaviour } = simulator.recipients.nextAttempt(contactKey(request.recipient));
  const { answer, answerDelayMs } = behaviour;
  const facts = { ...factsOf(send, request), scenario };
  if (!behaviour.accepts) {
    const code = answer.kind === 'graph_error' ? answer.code : null;
    simulator.log.add({ ...facts, outcome: code === null ? 'dropped' : 'refused', code, wamid: null }, now);
    return { kind: 'not_accepted', answer, answerDelayMs };
  }
  const message = acceptMessage(simulator, send, request, behaviour, now);
  simulator.log.add({ ...facts, outcome: 'accepted', code: null, wamid: message.wamid }, now);
  return { kind: 'accepted', message };
}

function factsOf(
  { phoneNumberId, body }: IncomingSend,
  request: SendRequest | null,
): Pick<LoggedRequest, 'attemptId' | 'phoneNumberId' | 'recipient' | 'type'> {
  const attemptId = (body as { biz_opaque_callback_data?: unknown } | null)?.biz_opaque_callback_data;
  return {
    attemptId: typeof attemptId === 'string' ? attemptId : null,
    phoneNumberId,
    recipient: request?.recipient.input ?? null,
    type: request?.type ?? null,
  };
}
