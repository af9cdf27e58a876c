import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebhookReceiver } from './webhook-receiver.js';
import { APP_SECRET, World, aTemplate, aText } from './world.js';

describe('webhooks', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ SIMULATOR_THROUGHPUT_PER_SECOND: '0' });
  });
  afterEach(() => world.close());

  it('are signed over their exact bytes, which other JSON writers do not give', async () => {
    await world.control('POST', '/inbound', { from: '+15550100101', text: 'Grüße / 🙂' });
    await world.idle();
    const [delivery] = world.webhook.received;
    const raw = delivery?.raw ?? Buffer.alloc(0);
    expect(delivery?.headers['x-hub-signature-256']).toBe(`sha256=${hmac(raw)}`);
    expect(hmac(Buffer.from(JSON.stringify(JSON.parse(raw.toString()))))).not.toBe(hmac(raw));
    expect(raw.toString()).toContain('Gr\\u00fc\\u00dfe \\/ \\ud83d\\ude42');
  });

  it.each([1, 7, 20])('carry at most %i statuses each', async (batchSize) => {
    await world.control('PATCH', '/settings', { batchSize });
    await Promise.all(Array.from({ length: 30 }, (_, index) => world.send(aTemplate(`+15550100${200 + index}`))));
    await world.idle();
    const sizes = world.webhook.received.map(({ raw }) => raw.toString().split('"status":').length - 1);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(90);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(batchSize);
    if (batchSize > 1) expect(Math.max(...sizes)).toBeGreaterThan(1);
  });

  it('put several accounts and numbers into one delivery', async () => {
    await world.control('PATCH', '/settings', { otherWabas: ['800000000000002=900000000000002'] });
    const ids = ['800000000000001', '800000000000002', '800000000000003'];
    const body = { body: aTemplate('+15550100101') };
    const perDelivery = () =>
      world.webhook.received
        .map(({ raw }) => JSON.parse(raw.toString()) as { entry: { id: string; changes: [] }[] })
        .map(({ entry }) => JSON.stringify(entry.map(({ id, changes }) => [id, changes.length])));
    // What is due at one moment travels together; a busy machine may take three requests at three moments, so it has several tries.
    await until(async () => {
      await Promise.all(ids.map((id) => world.call('POST', `/v25.0/${id}/messages`, body)));
      await world.idle();
      return perDelivery().includes('[["900000000000001",2],["900000000000002",1]]');
    });
  });

  it('are repeated until they are answered 200', async () => {
    world.webhook.httpStatus = 503;
    await world.send(aTemplate('+15550100101'));
    await until(async () => (await world.stats()).webhooks.repeated >= 3);
    world.webhook.httpStatus = 200;
    await world.idle();
    const bodies = world.webhook.received.map(({ raw }) => raw.toString());
    expect(new Set(bodies).size).toBe(3);
    expect((await world.stats()).webhooks).toMatchObject({ delivered: 3, givenUp: 0 });
  });

  it('are repeated when the answer is another success than 200', async () => {
    world.webhook.httpStatus = 204;
    await world.send(aTemplate('+15550100101'));
    await until(async () => (await world.stats()).webhooks.repeated >= 3);
    world.webhook.httpStatus = 200;
    await world.idle();
    expect((await world.stats()).webhooks.delivered).toBe(3);
  });

  it('survive a receiver that is gone for a while', async () => {
    await world.webhook.close();
    await Promise.all(Array.from({ length: 20 }, (_, index) => world.send(aTemplate(`+15550100${300 + index}`))));
    await until(async () => (await world.stats()).webhooks.repeated > 2);
    const back = new WebhookReceiver();
    await back.listen(world.webhookPort);
    await world.idle();
    const items = new Set(back.items().map(({ status }) => `${status?.id} ${status?.status}`));
    await back.close();
    expect(items.size).toBe(60);
  });

  it('are given up after the configured time', async () => {
    await world.control('PATCH', '/settings', { redeliverForMs: 100 });
    world.webhook.httpStatus = 500;
    await world.send(aTemplate('+15550100101'));
    await until(async () => (await world.stats()).webhooks.givenUp === 3);
    expect((await world.stats()).isIdle).toBe(true);
  });

  it('can be held back and let go', async () => {
    await world.control('POST', '/webhooks/pause');
    await world.send(aTemplate('+15550100101'));
    await until(async () => (await world.stats()).webhooks.waiting === 3);
    expect(world.webhook.received).toEqual([]);
    await world.control('POST', '/webhooks/resume');
    await world.idle();
    expect(world.webhook.items()).toHaveLength(3);
  });

  it('can carry anything', async () => {
    await world.control('POST', '/webhooks', { field: 'flows', value: { event: 'FLOW_STATUS_CHANGE' }, wabaId: '1' });
    await world.control('POST', '/webhooks', { envelope: { object: 'page', entry: [] } });
    await world.idle();
    expect(world.webhook.received.map(({ raw }) => JSON.parse(raw.toString()) as unknown).sort(byText)).toEqual([
      { object: 'page', entry: [] },
      {
        object: 'whatsapp_business_account',
        entry: [{ id: '1', changes: [{ value: { event: 'FLOW_STATUS_CHANGE' }, field: 'flows' }] }],
      },
    ]);
  });

  it('are thrown away without an address, and that is counted', async () => {
    await world.control('PATCH', '/settings', { webhookUrl: '' });
    await world.send(aTemplate('+15550100101'));
    await until(async () => (await world.stats()).webhooks.discarded === 3);
  });

  it('of a reset simulator are forgotten', async () => {
    await world.control('POST', '/webhooks/pause');
    await world.send(aTemplate('+15550100101'));
    await world.control('POST', '/reset', {});
    expect(await world.stats()).toMatchObject({ requests: { accepted: 0 }, notDue: 0, isIdle: true });
    await world.send(aTemplate('+15550100102'));
    await world.idle();
    expect(world.webhook.items().map(({ status }) => status?.recipient_id)).toEqual(Array(3).fill('15550100102'));
  });
});

describe('the customer service window', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.close());

  it('is closed at first: free-form messages fail with 131047, templates do not', async () => {
    expect(await lastStatus(aText('+15550100101'))).toEqual(['failed', 131047]);
    expect(await lastStatus(aTemplate('+15550100101'))).toEqual(['read', undefined]);
  });

  it('is opened by a message of the customer, for that customer', async () => {
    await world.control('POST', '/inbound', {
      from: '+1 555 010 0101',
      message: { type: 'image', image: { id: '1' } },
    });
    expect(await lastStatus(aText('+15550100101'))).toEqual(['read', undefined]);
    expect(await lastStatus(aText('+15550100102'))).toEqual(['failed', 131047]);
  });

  it('ends 24 hours after the time that the message was written at', async () => {
    const writes = (from: string, secondsAgo: number) => {
      const timestamp = String(Math.floor(Date.now() / 1_000) - secondsAgo);
      return world.control('POST', '/inbound', { from, message: { type: 'text', text: { body: 'Hi' }, timestamp } });
    };
    await writes('+15550100101', 24 * 3_600 - 30);
    await writes('+15550100102', 24 * 3_600 + 1);
    expect(await lastStatus(aText('+15550100101'))).toEqual(['read', undefined]);
    expect(await lastStatus(aText('+15550100102'))).toEqual(['failed', 131047]);
    expect((await world.stats()).failedStatuses).toEqual({ 131047: 1 });
  });

  it('is opened by a reply', async () => {
    await lastStatus(aTemplate('+15550170000'));
    expect(await lastStatus(aText('+15550170000'))).toEqual(['read', undefined]);
  });

  it('is not enforced when it is switched off', async () => {
    await world.control('PATCH', '/settings', { enforceWindow: false });
    expect(await lastStatus(aText('+15550100101'))).toEqual(['read', undefined]);
  });

  async function lastStatus(body: object): Promise<[string | undefined, number | undefined]> {
    const { answer } = await world.send(body);
    await world.idle();
    const status = world.webhook.statusesOf(answer.messages?.[0]?.id ?? '').at(-1);
    return [status?.status, status?.errors?.[0]?.code];
  }
});

function hmac(raw: Buffer): string {
  return createHmac('sha256', APP_SECRET).update(raw).digest('hex');
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a).length - JSON.stringify(b).length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5000; !(await condition());) {
    if (Date.now() > deadline) throw new Error('it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
