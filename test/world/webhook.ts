import { createHmac } from 'node:crypto';
import { call, type HttpAnswer } from './http.js';
import { SENDER, wabaOf } from './senders.js';

/** Posts a webhook as Meta does, signed with `secret`. `body` goes as it is when it is a text. */
export function postWebhook(baseUrl: string, body: object | string, secret: string): Promise<HttpAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return call('POST', `${baseUrl}/webhooks/whatsapp`, {
    body: text,
    headers: { 'x-hub-signature-256': `sha256=${signature}` },
  });
}

/** A webhook of the field `messages`, from the sender's own account. */
export const aNotification = (value: object, from = SENDER) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: wabaOf(from), changes: [{ field: 'messages', value: aValue(value, from) }] }],
});

/** What such a webhook says. */
export const aValue = (value: object, from = SENDER) => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550100100', phone_number_id: from },
  ...value,
});

/** One status of a message. */
export const aStatus = (wamid: string, status: string, extra: object = {}) => ({
  id: wamid,
  status,
  timestamp: String(Math.floor(Date.now() / 1_000)),
  recipient_id: '15550100101',
  ...extra,
});
