import { READ, type Ending, type Sample } from './sample.js';

/** The business number has +1 555 010 0100; the recipients come behind it. */
const FIRST_RECIPIENT = 15_550_100_101;

/** Bodies that go to another endpoint of Meta's. */
const OTHER_ENDPOINT: ReadonlySet<string> = new Set(['marketing_messages']);

/** A body as Meta takes it. */
type SendBody = Record<string, unknown>;

/** Samples of all bodies that are messages to a phone number, each to a number of its own. */
export function fixtureSamples(bodies: readonly { name: string; body: SendBody }[]): Sample[] {
  return bodies
    .filter(({ name, body }) => !OTHER_ENDPOINT.has(name) && isMessageToPhoneNumber(body))
    .map(({ name, body }, index) => {
      const message = contentOf(body);
      return { name, to: `+${FIRST_RECIPIENT + index}`, message, expected: endingOf(message) };
    });
}

/** False for read receipts, for messages to groups, and for those that name a user id only. */
function isMessageToPhoneNumber({ to, type, recipient_type = 'individual' }: SendBody): boolean {
  return typeof type === 'string' && recipient_type === 'individual' && typeof to === 'string' && /^\+?\d+$/.test(to);
}

/** The part of a body that Herald's callers write; the rest Herald puts around it. */
function contentOf(body: SendBody): Sample['message'] {
  const {
    messaging_product: _product,
    recipient_type: _recipientType,
    to: _to,
    recipient: _recipient,
    biz_opaque_callback_data: _data,
    ...message
  } = body;
  return message as Sample['message'];
}

/** Meta reports no more than `sent` of a reaction, and `played` of a voice message after it was read. */
function endingOf(message: Sample['message']): Ending {
  if (message.type === 'reaction') return { ...READ, status: 'sent' };
  const audio = message['audio'] as { voice?: boolean } | undefined;
  return audio?.voice === true ? { ...READ, status: 'played' } : READ;
}
