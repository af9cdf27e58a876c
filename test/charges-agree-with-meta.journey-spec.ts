import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#config';
import { SAMPLE_RATE_CARD, sampleRateCardCsv } from '#pricing';
import { eventually } from '#testing';
import { call } from './world/http.js';
import { SENDER, wabaOf } from './world/senders.js';
import { World } from './world/world.js';

const WABA = wabaOf(SENDER);
/** Its days begin at a quarter past six in the evening, UTC. */
const TIMEZONE = 'Asia/Kathmandu';
const COUNTRIES = ['5511987650', '4915550000', '9198765000', '8190123450', '1555010050', '2348012340', '9665012340'];

interface ReconciliationRow {
  market: string;
  category: string;
  pricingType: string;
  countries: string;
  messages: number;
  foreignMessages: number;
  metaMessages: number;
  messagesDifference: number;
  amountMicros: number;
  metaAmountMicros: number;
  amountDifferenceMicros: number;
  unpriced: number;
}

/** What a message was expected to cost, and did. */
interface Priced {
  estimate: { amountMicros: number | null; category: string | null; mark: string } | null;
  cost: { amountMicros: number; charges: { pricingType: string }[] } | null;
}

const dayOf = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const [FROM, TO] = [dayOf(-1), dayOf(1)];
const template = (name: string, ...texts: string[]) => ({
  type: 'template',
  template: {
    name,
    language: { code: 'en_US' },
    ...(texts.length === 0
      ? {}
      : { components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }] }),
  },
});
const TEXT = { type: 'text', text: { body: 'Your table is ready' } };

describe('charges, and what Meta says it billed', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ simulator: { SIMULATOR_TIMEZONE: TIMEZONE, SIMULATOR_ENFORCE_WINDOW: 'true' } });
    await world.query('UPDATE waba SET timezone = $1', [TIMEZONE]);
    const body = { name: 'weekend_offer', language: 'en_US', category: 'MARKETING' };
    await call('PUT', `${world.simulator.url}/_simulator/templates`, { body });
    await world.api.create('/v1/rate-cards', { ...SAMPLE_RATE_CARD, isOfficial: false, csv: sampleRateCardCsv() });
  });
  afterAll(() => world.stop());

  const send = (to: string, message: object) => world.api.send({ from: SENDER, to: `+${to}`, message });
  /** What `herald rates reconcile` prints, as its columns. */
  const reconcile = async () => {
    const program = join(projectRoot(), 'dist/apps/cli/src/main.js');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, 'rates', 'reconcile', '--from', FROM, '--to', TO],
      { env: { PATH: process.env['PATH'], ...world.env } },
    );
    const [waba, from, to, ours, metas, amount, metaAmount, currency, messagesOff, amountOff, verdict] = stdout
      .trim()
      .split('\t');
    expect([waba, from, to, currency]).toEqual([WABA, FROM, TO, 'USD']);
    return { ours: Number(ours), metas: Number(metas), amount, metaAmount, messagesOff, amountOff, verdict };
  };
  const report = async () => {
    const path = `/v1/reports/reconciliation?from=${FROM}&to=${TO}`;
    return (await world.api.call<{ rows: ReconciliationRow[] }>('GET', path)).json.rows;
  };
  const alerts = async () =>
    (await world.query<{ closed_at: Date | null }>(`SELECT closed_at FROM alert WHERE kind = 'pricing_differs'`)).map(
      ({ closed_at }) => (closed_at === null ? 'open' : 'closed'),
    );

  it('agree to the micro-unit, messages that other systems sent included', async () => {
    const ids: string[] = [];
    for (const [index, start] of COUNTRIES.entries()) {
      const contact = (n: number) =>
        `${start}${String(10 * index + n).padStart(start.startsWith('1') ? 1 : 2, '0')}`.slice(0, 15);
      await world.simulator.inbound({ from: contact(1) });
      await world.simulator.inbound({
        from: contact(2),
        message: {
          type: 'text',
          text: { body: 'Hi' },
          referral: { source_url: 'https://fb.me/x', source_type: 'ad', source_id: '1' },
        },
      });
      await world.simulator.idle();
      ids.push(
        ...(await Promise.all([
          send(contact(1), TEXT),
          send(contact(1), template('hello_customer')),
          send(contact(2), TEXT),
          send(contact(3), template('weekend_offer')),
          send(contact(4), template('hello_customer')),
          send(contact(5), template('order_shipped', 'Ann', '4711')),
        ])),
      );
      // Another system sends from the same number.
      const foreign = { messaging_product: 'whatsapp', to: `+${contact(6)}`, ...template('hello_customer') };
      const headers = { authorization: 'Bearer another-token' };
      const path = `${world.simulator.url}/v25.0/${SENDER}/messages`;
      expect((await call('POST', path, { body: foreign, headers })).status).toBe(200);
    }
    await world.untilRead(ids);
    const charged = async () => Number((await world.query<{ n: string }>('SELECT count(*) AS n FROM charge'))[0]?.n);
    await eventually(async () => expect(await charged()).toBe(7 * COUNTRIES.length), { timeoutMs: 20_000 });

    const agreed = await reconcile();
    expect(agreed).toMatchObject({ verdict: 'agrees', messagesOff: '0', amountOff: '0' });
    expect([agreed.ours, agreed.metas]).toEqual([7 * COUNTRIES.length, 7 * COUNTRIES.length]);
    expect(agreed.amount).toBe(agreed.metaAmount);
    const rows = await report();
    expect(rows.filter((row) => row.messagesDifference !== 0 || row.amountDifferenceMicros !== 0)).toEqual([]);
    expect(rows.reduce((sum, { foreignMessages }) => sum + foreignMessages, 0)).toBe(COUNTRIES.length);
    expect(rows).toEqual(
      expect.arrayContaining([
        // Two of ours and one of another system's, at 0.0068 each.
        expect.objectContaining({
          ...{ market: 'Brazil', countries: 'BR', category: 'utility', pricingType: 'regular', messages: 3 },
          ...{ foreignMessages: 1, metaMessages: 4, amountMicros: 20_400, metaAmountMicros: 27_200 },
        }),
        expect.objectContaining({ market: 'Germany', category: 'service', amountMicros: 55_000 }),
        expect.objectContaining({ market: 'Germany', category: 'marketing', amountMicros: 136_500 }),
        expect.objectContaining({ market: 'Rest of Asia Pacific', countries: 'JP', category: 'service' }),
        expect.objectContaining({ market: 'North America', pricingType: 'free_entry_point', amountMicros: 0 }),
      ]),
    );
    expect(await alerts()).toEqual([]);
  });

  it('are what was estimated when the messages were accepted', async () => {
    const messages = await world.query<{ id: string }>('SELECT id FROM message');
    const shown = await Promise.all(
      messages.map(async ({ id }) => (await world.api.call<Priced>('GET', `/v1/messages/${id}`)).json),
    );
    const wrong = shown.filter(({ estimate, cost }) => estimate?.amountMicros !== cost?.amountMicros);
    expect(shown).toHaveLength(6 * COUNTRIES.length);
    // Only the answer that opens a free entry point turns out to be free.
    expect(wrong).toHaveLength(COUNTRIES.length);
    for (const { estimate, cost } of wrong) {
      expect(estimate).toMatchObject({ category: 'service', mark: 'rated' });
      expect(cost).toMatchObject({ amountMicros: 0, charges: [{ pricingType: 'free_entry_point' }] });
    }
  });

  it('that part open an alert: a market without a rate, and webhooks that never came', async () => {
    await world.untilRead([await send('96550000001', template('hello_customer'))]);
    await world.simulator.change({ webhookUrl: '' });
    const unheard = await Promise.all(
      Array.from({ length: 3 }, (_, n) => send(`551198769999${n}`, template('hello_customer'))),
    );
    await world.until(unheard, "state = 'accepted'");
    await world.simulator.idle();

    expect(await reconcile()).toMatchObject({
      ...{ ours: 7 * COUNTRIES.length + 1, metas: 7 * COUNTRIES.length + 4, verdict: 'differs' },
    });
    const differing = (await report()).filter(
      (row) => row.messagesDifference !== 0 || row.amountDifferenceMicros !== 0,
    );
    expect(differing).toMatchObject([
      { market: 'Brazil', category: 'utility', messagesDifference: 3, amountDifferenceMicros: 20_400 },
      { market: 'Kuwait', countries: 'KW', messagesDifference: 0, amountDifferenceMicros: 9_100, unpriced: 1 },
    ]);
    expect(await alerts()).toEqual(['open']);
  });

  it('are compared by the worker, too, once a day', async () => {
    await world.terminate('worker');
    await world.query(`UPDATE pricing_reconciliation SET tried_at = now() - interval '1 day', compared_at = NULL`);
    await world.startWith('worker', { RECONCILE_INTERVAL_MS: '86400000' });
    await eventually(async () => {
      const [run] = await world.query<{ compared_at: Date | null }>('SELECT compared_at FROM pricing_reconciliation');
      expect(run?.compared_at).not.toBeNull();
    });
    // Of the days that have settled there is nothing on either side. The alert follows the comparison, in a transaction of its own.
    await eventually(async () => expect(await alerts()).toEqual(['closed']));
  });
});
