import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '../src/fixtures.js';
import { keySet } from './key-set.js';
import { World, aText } from './world.js';
import type { SendAnswer } from './world.js';

type SendBody = Record<string, unknown> & { type?: string; recipient_type?: string };

const CALLBACK_DATA = 'a1.018f7a7e-0000-7000-8000-000000000000.1';
const RECORDED_USER_ID = 'US.90000000000000000001';

describe('answers', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ SIMULATOR_PAIR_CAPACITY: '0' });
    await world.openWindow('+15550100001');
    await world.openWindow(RECORDED_USER_ID);
  });
  afterAll(() => world.close());

  it.each(listFixtures('send'))('%s is accepted with the recorded answer shape', async (file) => {
    const body = readFixture<SendBody>(`send/${file}`);
    const api = file === 'marketing_messages.json' ? 'marketing_messages' : 'messages';
    const { httpStatus, answer } = await world.send(body, api);
    expect(httpStatus).toBe(200);
    expect(keySet(answer)).toEqual(keySet(readFixture(`graph/${successShape(body)}`)));
  });

  it('delivers everything it accepted', async () => {
    await world.idle();
    expect(world.webhook.items().filter(({ status }) => status?.status === 'failed')).toEqual([]);
    expect((await world.stats()).webhooks).toMatchObject({ waiting: 0, givenUp: 0, discarded: 0 });
  });
});

describe('statuses', () => {
  /** Which send, under which settings, makes a delivery of the recorded shape. */
  const cases: [fixture: string, status: string, send: object, settings: object][] = [
    ['status_sent_v25_utility_regular', 'sent', named('template_callback_data'), {}],
    ['status_delivered_v25_utility_regular', 'delivered', named('template_callback_data'), {}],
    ['status_read_v25_no_pricing', 'read', named('template_body_positional'), {}],
    ['status_sent_marketing', 'sent', named('template_coupon_copy_code'), {}],
    ['status_sent_authentication', 'sent', named('template_authentication_otp'), {}],
    ['status_sent_service_pmp2_regular', 'sent', named('text'), { pricingEra: 'pmp2' }],
    ['status_reaction_sent_only', 'sent', named('reaction'), {}],
    ['status_played_voice', 'played', named('audio_voice'), {}],
    ['status_sent_bsuid_no_phone', 'sent', named('text_bsuid'), {}],
    ['status_group_delivered', 'delivered', named('text_group'), {}],
    ['status_failed_131026', 'failed', aText('+15550130310'), { enforceWindow: false }],
    ['status_failed_131047', 'failed', aText('+15550100002'), {}],
    ['status_failed_bsuid', 'failed', { ...named('text_bsuid'), recipient: 'US.90000000000000000002' }, {}],
  ];

  it.each(cases)('%s', async (fixture, status, send, settings) => {
    const deliveries = await deliveriesOf(send, settings);
    const recorded = readFixture(`webhooks/${fixture}.json`);
    const shapes = deliveries
      .filter((body) => JSON.stringify(body).includes(`"status":"${status}"`))
      .map((body) => keySet(body));
    expect(shapes).toContainEqual(keySet(recorded));
  });

  it('say what they cost by category, era and version', async () => {
    const inWindow = { enforceWindow: true };
    expect(await pricingOf(named('text'), { ...inWindow, pricingEra: 'pmp1' })).toEqual([
      'free_customer_service',
      'service',
    ]);
    expect(await pricingOf(named('text'), { ...inWindow, pricingEra: 'pmp2' })).toEqual(['regular', 'service']);
    expect(await pricingOf(named('template_body_positional'), { pricingEra: 'pmp1' })).toEqual([
      'free_customer_service',
      'utility',
    ]);
    expect(await pricingOf(named('template_coupon_copy_code'), {})).toEqual(['regular', 'marketing']);
    expect(await pricingOf(named('text_group'), {})).toEqual(['regular', 'group_service']);
  });

  it('carry a conversation up to webhook version v23 only', async () => {
    const send = named('template_body_positional');
    const recorded = readFixture('webhooks/status_sent_v23_pmp_with_conversation.json');
    const [first] = await deliveriesOf(send, { webhookVersion: 'v23.0' });
    const withoutContacts = keySet(first).filter((path) => !path.includes('.contacts'));
    expect(withoutContacts).toEqual(keySet(recorded));
    expect(JSON.stringify(await deliveriesOf(send, { webhookVersion: 'v24.0' }))).not.toContain('conversation');
  });

  it('carry the free entry point conversation in every version', async () => {
    const world = await World.start({ SIMULATOR_BATCH_SIZE: '1' });
    const referral = { source_id: '1', source_type: 'ad', source_url: 'https://example.com', ctwa_clid: 'x' };
    await world.control('POST', '/inbound', {
      from: '+15550100001',
      deliver: false,
      message: { type: 'text', text: { body: 'Hi' }, referral },
    });
    await world.send(named('text'));
    await world.send(named('template_coupon_copy_code'));
    await world.idle();
    const statuses = world.webhook.items().flatMap(({ status }) => (status?.pricing === undefined ? [] : [status]));
    const shapes = world.webhook.received.map(({ raw }) => keySet(JSON.parse(raw.toString())));
    await world.close();
    expect(new Set(statuses.map(({ conversation }) => conversation?.id)).size).toBe(1);
    expect(statuses.map(({ pricing }) => pricing?.type)).toEqual(Array(4).fill('free_entry_point'));
    expect(shapes).toContainEqual(keySet(readFixture('webhooks/status_sent_free_entry_point.json')));
    expect(shapes).toContainEqual(keySet(readFixture('webhooks/status_delivered_free_entry_point.json')));
  });
});

describe('inbound messages', () => {
  it.each([
    ['message_text.json', {}],
    [
      'message_text_reply_context.json',
      { message: { type: 'text', text: { body: 'Yes' }, context: { from: '15550100100', id: 'wamid.X' } } },
    ],
    [
      'message_button_template.json',
      { message: { type: 'button', button: { payload: 'P', text: 'T' }, context: { from: '1', id: 'wamid.X' } } },
    ],
  ])('%s', async (fixture, extra) => {
    const world = await World.start();
    const { wamid } = await world.control<{ wamid: string }>('POST', '/inbound', { from: '+15550100001', ...extra });
    await world.idle();
    const [delivery] = world.webhook.received;
    await world.close();
    expect(keySet(JSON.parse(delivery?.raw.toString() ?? ''))).toEqual(keySet(readFixture(`webhooks/${fixture}`)));
    expect(delivery?.raw.toString()).toContain(wamid.replaceAll('/', '\\/'));
  });
});

function successShape({ status, type, recipient_type, recipient, to }: SendBody): string {
  if (status === 'read') return 'success_mark_read.json';
  if (recipient_type === 'group') return 'success_group.json';
  if (recipient !== undefined && to === undefined) return 'success_bsuid.json';
  return type === 'template' ? 'success_template_accepted.json' : 'success_text.json';
}

function named(fixture: string): SendBody {
  return readFixture<SendBody>(`send/${fixture}.json`);
}

/** The bodies posted for one send, one status each, with the customer's window open. */
async function deliveriesOf(send: object, settings: object): Promise<unknown[]> {
  const world = await World.start();
  await world.control('PATCH', '/settings', { batchSize: 1, ...settings });
  await world.openWindow('+15550100001');
  await world.openWindow(RECORDED_USER_ID);
  // Both participants of a group delivery travel together.
  if ((send as SendBody).recipient_type === 'group') await world.control('PATCH', '/settings', { batchSize: 2 });
  const { answer }: { answer: SendAnswer } = await world.send(send);
  expect(answer.messages?.[0]?.id).toMatch(/^wamid\./);
  await world.idle();
  const bodies = world.webhook.received.map(({ raw }) => JSON.parse(raw.toString()) as unknown);
  await world.close();
  return bodies;
}

async function pricingOf(send: object, settings: object): Promise<(string | undefined)[]> {
  const bodies = JSON.stringify(await deliveriesOf({ ...send, biz_opaque_callback_data: CALLBACK_DATA }, settings));
  expect(bodies).toContain(CALLBACK_DATA);
  return [
    /"type":"(regular|free_\w+)"/.exec(bodies)?.[1],
    /"type":"(?:regular|free_\w+)","category":"([\w-]+)"/.exec(bodies)?.[1],
  ];
}

describe('pricing_analytics', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ SIMULATOR_PRICING_ERA: 'pmp2' });
  });
  afterAll(() => world.close());

  const ask = (modifiers: string) =>
    world.get<{
      pricing_analytics?: { data: { data_points: { volume: number; cost: number }[] }[] };
      error?: { code: number };
    }>(`/v25.0/900000000000001?fields=${encodeURIComponent(`pricing_analytics${modifiers}`)}`);
  const now = Math.floor(Date.now() / 1_000);
  const range = `.start(${now - 86_400}).end(${now + 86_400})`;
  const DIMENSIONS = '.dimensions(["COUNTRY","PHONE","PRICING_CATEGORY","PRICING_TYPE","TIER"])';

  it('count what was delivered, in the recorded shape, and nothing that failed', async () => {
    for (const to of ['+15550100001', '+15550100002', '+5511987654321', '+15550162701', '+15550160201'])
      await world.send({ messaging_product: 'whatsapp', to, ...HELLO });
    await world.send(aText('+15550100009')); // outside its window
    await world.idle();
    const answer = await ask(`${range}.granularity(DAILY).metric_types(["COST","VOLUME"])${DIMENSIONS}`);
    const points = answer.pricing_analytics?.data[0]?.data_points ?? [];
    expect(points.map(({ volume, cost }) => [volume, cost]).sort()).toEqual([
      [1, 0.0068],
      [2, 0.0068],
    ]);
    expect(keySet(answer)).toEqual(
      keySet(readFixture('graph/pricing_analytics.json')).filter((path) => !path.includes('paging')),
    );
  });

  it.each([
    ['', 100],
    [`${range}.granularity(YEARLY)`, 100],
    [`.start(${now}).end(${now}).granularity(DAILY)`, 100],
  ])('asked with "%s" are refused', async (modifiers, code) =>
    expect(await ask(modifiers)).toMatchObject({ error: { code } }),
  );
});

const HELLO = { type: 'template', template: { name: 'hello_customer', language: { code: 'en_US' } } };
