import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText, HeraldApi, type Problem } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { World } from './world/world.js';

const [ANN = '', BEN = '', CLEO = '', DORA = '', EVE = '', FINN = ''] = recipients('0100', 6, 101);

interface Accepted {
  id: string;
}

describe('a repeated request is one message', () => {
  let world: World;
  let shop: HeraldApi;
  let bank: HeraldApi;
  beforeAll(async () => {
    world = await World.start();
    [shop, bank] = await Promise.all([aClient('shop'), aClient('bank')]);
  });
  afterAll(() => world.stop());

  async function aClient(name: string): Promise<HeraldApi> {
    const { id } = await world.api.create<{ id: string }>('/v1/clients', { name });
    const { key } = await world.api.create<{ key: string }>(`/v1/clients/${id}/keys`, {
      scopes: ['messages:write', 'messages:read'],
      senders: 'all',
    });
    return new HeraldApi(world.api.url, key);
  }

  const post = (api: HeraldApi, key: string, body: object) =>
    api.call<Accepted & Problem>('POST', '/v1/messages', { body, headers: { 'idempotency-key': key } });
  const sentTo = async (to: string) => (await world.simulator.log()).filter(({ recipient }) => recipient === to);

  it('fifty times at once: one message, one answer, one send', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(shop, 'order-1', aText(ANN))));
    const accepted = answers.filter(({ status }) => status === 202);
    // Whoever has to wait too long for the first one is told to ask again.
    expect(answers.filter(({ status }) => status !== 202).map(({ json }) => json.code)).toEqual(
      answers.filter(({ status }) => status !== 202).map(() => 'idempotency_in_progress'),
    );
    expect(new Set(accepted.map(({ text }) => text)).size).toBe(1);
    expect(accepted.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    await world.untilRead([accepted[0]!.json.id]);
    expect(await sentTo(ANN)).toHaveLength(1);
  });

  it('after a kill -9 and days later the answer is the same', async () => {
    const first = await post(shop, 'order-2', aText(BEN));
    await world.kill('api');
    await world.start('api');
    const again = await post(shop, 'order-2', aText(BEN));
    expect(again).toMatchObject({ status: 202, text: first.text });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await world.untilRead([first.json.id]);
    expect((await post(shop, 'order-2', aText(BEN))).text).toBe(first.text);
    expect(await sentTo(BEN)).toHaveLength(1);
  });

  it('members in another order are the same request, another body is not', async () => {
    const { from, to, message } = aText(CLEO);
    const first = await post(shop, 'order-3', { from, to, message });
    expect((await post(shop, 'order-3', { message, to, from })).text).toBe(first.text);
    expect(await post(shop, 'order-3', aText(DORA))).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused' },
    });
    await world.untilRead([first.json.id]);
    expect(await sentTo(DORA)).toEqual([]);
  });

  it('different bodies with one key at once: one wins, the others are told', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => aText(DORA, { tags: [`try-${index}`] }));
    const answers = await Promise.all(bodies.map((body) => post(shop, 'order-4', body)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const { status, json } of answers.filter((answer) => answer.status !== 202)) {
      expect([`422 idempotency_key_reused`, '409 idempotency_in_progress']).toContain(`${status} ${json.code}`);
    }
    await world.untilRead(answers.filter(({ status }) => status === 202).map(({ json }) => json.id));
    expect(await sentTo(DORA)).toHaveLength(1);
  });

  it('a key belongs to its client', async () => {
    const ofShop = await post(shop, 'order-5', aText(EVE));
    const ofBank = await post(bank, 'order-5', aText(EVE));
    expect(ofBank.status).toBe(202);
    expect(ofBank.json.id).not.toBe(ofShop.json.id);
    expect((await bank.call('GET', `/v1/messages/${ofShop.json.id}`)).status).toBe(404);
    await world.untilRead([ofShop.json.id, ofBank.json.id]);
  });

  it('a refusal is not remembered', async () => {
    expect((await post(shop, 'order-6', aText('no number'))).status).toBe(422);
    expect((await post(shop, 'order-6', aText(FINN))).status).toBe(202);
  });

  it('a clientReference names one message, also at once', async () => {
    const send = () =>
      shop.call<Accepted & Problem>('POST', '/v1/messages', {
        body: aText(FINN, { clientReference: 'order-7/ready' }),
      });
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    const [accepted, ...more] = answers.filter(({ status }) => status === 202);
    expect(more).toEqual([]);
    for (const { status, json } of answers.filter((answer) => answer.status !== 202)) {
      expect({ status, code: json.code, messageId: json.messageId }).toEqual({
        status: 409,
        code: 'client_reference_used',
        messageId: accepted?.json.id,
      });
    }
  });

  it('and nothing was sent twice', async () => {
    const ids = (await world.query<Accepted>('SELECT id FROM message')).map(({ id }) => id);
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
    await world.simulator.idle();
    await eventually(() => expectInvariants(world));
  });
});
