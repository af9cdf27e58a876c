import { performance } from 'node:perf_hooks';
import { sendExamples } from '#graph-api';
import { createValidationPipe } from '../../dist/apps/api/src/http/validation.js';
import { SendMessageDto } from '../../dist/apps/api/src/messages/send-message.dto.js';
import { resultOf } from '../harness/figures.mjs';

const ROUNDS = 2_000;
/** Largest message that is taken, bytes of its JSON. */
const MAX_BYTES = 144 * 1024;

const card = (index) => ({
  name: { formatted_name: `Contact ${index}`, first_name: 'Contact', last_name: String(index) },
  phones: [{ phone: '+15550100001', type: 'WORK', wa_id: '15550100001' }],
  emails: [{ email: 'contact@example.com', type: 'WORK' }],
  addresses: [
    {
      street: '1 Example Street',
      city: 'Springfield',
      zip: '12345',
      country: 'United States',
      country_code: 'us',
      type: 'WORK',
    },
  ],
  urls: [{ url: 'https://example.com/contacts', type: 'WORK' }],
  org: { company: 'Example Shop', department: 'Support', title: 'Clerk' },
  birthday: '2000-01-31',
});

/** As many cards as fit into the largest message. */
function largest() {
  const contacts = [];
  for (let index = 0; index < 257; index += 1) {
    contacts.push(card(index));
    if (Buffer.byteLength(JSON.stringify({ type: 'contacts', contacts })) > MAX_BYTES) {
      contacts.pop();
      break;
    }
  }
  return { from: '800000000000001', to: '+15550100001', message: { type: 'contacts', contacts } };
}

/** Median time to check one request, µs: the very pipe of the API, over bodies parsed anew. */
async function medianOf(request) {
  const pipe = createValidationPipe();
  const text = JSON.stringify(request);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const body = JSON.parse(text);
    const startedAt = performance.now();
    await pipe.transform(body, { type: 'body', metatype: SendMessageDto });
    times.push((performance.now() - startedAt) * 1_000);
  }
  times.sort((a, b) => a - b);
  return times[ROUNDS / 2];
}

/** How long the check of a request takes. */
export async function benchValidation() {
  const examples = sendExamples();
  const text = examples.find(({ name }) => name === 'text').request;
  const slowest = { name: '', median: 0 };
  for (const { name, request } of examples) {
    const median = await medianOf(request);
    if (median > slowest.median) Object.assign(slowest, { name, median });
  }
  const big = largest();
  const kilobytes = Math.round(Buffer.byteLength(JSON.stringify(big.message)) / 1024);
  const check = (what, value, atMost) =>
    resultOf(`check of ${what}`, { unit: 'µs', ours: [{ value }], target: { atMost } });
  return [
    check('a text', await medianOf(text), 50),
    check(`the slowest of the catalogue, ${slowest.name}`, slowest.median, 1_000),
    check(`the largest, ${big.message.contacts.length} contacts in ${kilobytes} KiB`, await medianOf(big), 1_000),
  ];
}
