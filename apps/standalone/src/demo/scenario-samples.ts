import { READ, type Sample } from './sample.js';

const text = (body: string): Sample['message'] => ({ type: 'text', text: { body } });

/** Messages that meet trouble. The simulator knows by the number what to do with each (apps/graph-simulator/README.md). */
export const SCENARIO_SAMPLES: readonly Sample[] = [
  {
    name: 'refused at once',
    to: '+15550120310',
    message: text('Meta answers that this number has no WhatsApp'),
    expected: { state: 'failed', status: null, attempts: 1, error: 131026 },
  },
  {
    name: 'taken, failed later',
    to: '+15550130310',
    message: text('Meta takes it, and reports later that it failed'),
    expected: { state: 'accepted', status: 'failed', attempts: 1, error: 131026 },
  },
  {
    name: 'rate-limited, sent later',
    to: '+15550112101',
    message: text('Meta refuses the first attempt: too fast'),
    expected: { ...READ, attempts: 2 },
  },
  {
    name: 'answer lost, settled by status',
    to: '+15550150001',
    message: text('Meta takes it, and the connection closes before it says so'),
    expected: READ,
  },
  {
    name: 'requested twice, sent once',
    to: '+15550101901',
    message: text('The caller repeats the request with its Idempotency-Key'),
    isRepeated: true,
    expected: READ,
  },
];
