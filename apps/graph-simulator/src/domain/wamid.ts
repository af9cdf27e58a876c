import { randomBytes } from 'node:crypto';

const BEFORE_NUMBER = Buffer.from([0x1c, 0x18]);
const OUTGOING = Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18, 0x12]);
const INCOMING = Buffer.from([0x15, 0x02, 0x00, 0x12, 0x18, 0x14]);

const processPart = randomBytes(5).toString('hex').toUpperCase();
let counter = 0;

/** A new message id in WhatsApp's form; unique over restarts. `party` is the customer's number or id. */
export function newWamid(party: string, direction: 'outgoing' | 'incoming'): string {
  counter += 1;
  const serial = processPart + counter.toString(16).toUpperCase().padStart(8, '0');
  const number = Buffer.from(party.slice(0, 32));
  const text = direction === 'outgoing' ? [OUTGOING, Buffer.from(serial)] : [INCOMING, Buffer.from(`3A${serial}`)];
  return `wamid.${Buffer.concat([BEFORE_NUMBER, Buffer.of(number.length), number, ...text, Buffer.of(0)]).toString('base64')}`;
}
