import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFixture } from '../src/fixtures.js';
import { keySet } from './key-set.js';
import { PHONE_NUMBER_ID, WABA_ID, World, aTemplate, aText } from './world.js';
import type { SendAnswer } from './world.js';

interface Page {
  data: { name: string; status?: string }[];
  paging?: { cursors: { after: string }; next?: string };
}

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.close());

describe('access', () => {
  it.each([null, 'wrong'])('with the token %s is refused with the recorded 190, everywhere', async (token) => {
    await world.control('PATCH', '/settings', { accessTokens: ['right', 'second'] });
    const paths = [`/v25.0/${PHONE_NUMBER_ID}`, `/v25.0/${WABA_ID}/message_templates`, '/media-download/1'];
    for (const path of paths) {
      const { httpStatus, text } = await world.call('GET', path, { token });
      expect([httpStatus, keySet(JSON.parse(text))]).toEqual([401, keySet(readFixture('graph/error_190.json'))]);
    }
    const { httpStatus, answer } = await world.send(aTemplate('+15550100101'), 'messages', { token });
    expect([httpStatus, answer.error?.code]).toEqual([401, 190]);
    expect(await world.log()).toMatchObject([{ outcome: 'refused', code: 190, recipient: '+15550100101' }]);
    expect((await world.send(aTemplate('+15550100101'), 'messages', { token: 'second' })).httpStatus).toBe(200);
  });

  it('takes any token while none is configured, but not none', async () => {
    expect((await world.send(aTemplate('+15550100101'), 'messages', { token: 'anything' })).httpStatus).toBe(200);
    expect((await world.send(aTemplate('+15550100101'), 'messages', { token: null })).httpStatus).toBe(401);
  });
});

describe('refusals', () => {
  it.each<[string, number, number, object, string]>([
    ['no recipient', 131008, 400, { ...aText('x'), to: undefined }, 'messages'],
    ['an unknown template', 132001, 404, aTemplate('+15550100101', 'never_heard_of'), 'messages'],
    ['a template that is in review', 132001, 404, aTemplate('+15550100101', 'pending_offer'), 'messages'],
    ['a paused template', 132015, 400, aTemplate('+15550100101', 'paused_offer'), 'messages'],
    ['a disabled template', 132016, 400, aTemplate('+15550100101', 'disabled_offer'), 'messages'],
    ['the sender as recipient', 131021, 400, aText('+15550100100'), 'messages'],
    ['a text as marketing', 100, 400, aText('+15550100101'), 'marketing_messages'],
    ['a utility template as marketing', 134100, 400, aTemplate('+15550100101'), 'marketing_messages'],
    [
      'a code to a user id',
      131062,
      400,
      { ...aTemplate('', 'login_code'), to: undefined, recipient: 'US.1' },
      'messages',
    ],
  ])('%s: %i', async (_says, code, httpStatus, body, api) => {
    const refused = await world.send(body, api);
    expect([refused.httpStatus, refused.answer.error?.code]).toEqual([httpStatus, code]);
    expect(keySet(refused.answer).every((path) => path.startsWith('error.'))).toBe(true);
    expect(await world.log()).toMatchObject([{ outcome: 'refused', code, wamid: null }]);
  });

  it('broken JSON and unknown paths are Graph errors too', async () => {
    const broken = await fetch(`${world.url}/v25.0/${PHONE_NUMBER_ID}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: '{"messaging_product":',
    });
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { error: { code: 100, fbtrace_id: expect.any(String) } },
    ]);
    for (const path of ['/', '/v25.0/1/2/3', '/1/messages', '/vX/1']) {
      const { httpStatus, text } = await world.call('GET', path);
      expect([httpStatus, JSON.parse(text)]).toMatchObject([400, { error: { code: 2500, type: 'OAuthException' } }]);
    }
  });

  it('of phone numbers that do not exist, once the existing ones are known', async () => {
    await world.control('PATCH', '/settings', { phoneNumberIds: ['800000000000077'] });
    expect((await world.send(aTemplate('+15550100101'))).answer.error?.code).toBe(33);
    const { answer } = {
      answer: JSON.parse((await world.call('GET', `/v25.0/${PHONE_NUMBER_ID}`)).text) as SendAnswer,
    };
    expect(answer.error?.code).toBe(33);
  });
});

describe('limits', () => {
  it('let 80 messages in any second through', async () => {
    const answers = await sendMany(300, (index) => `+15550100${200 + index}`);
    expect(answers.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(80);
    expect(answers.filter((code) => code === 130429).length).toBeGreaterThan(0);
    expect(new Set(answers)).toEqual(new Set([undefined, 130429]));
  });

  it('count what customers send, too, unless they are told not to', async () => {
    await world.control('PATCH', '/settings', { throughputPerSecond: 3 });
    const sendAfterInbound = async () => {
      const numbers = ['15550107001', '15550107002', '15550107003'];
      await Promise.all(numbers.map((from) => world.control('POST', '/inbound', { from })));
      return (await world.send(aTemplate('+15550100101'))).answer.error?.code;
    };
    // Again, should this machine have been busy for longer than a second in between.
    const codes = [await sendAfterInbound(), await sendAfterInbound(), await sendAfterInbound()];
    expect(codes).toContain(130429);
    const other = await world.call('POST', '/v25.0/800000000000002/messages', { body: aTemplate('+15550100101') });
    expect(other.httpStatus).toBe(200);
    await world.control('POST', '/reset', { keepSettings: true });
    await world.control('PATCH', '/settings', { throughputCountsInbound: false });
    expect(await sendAfterInbound()).toBeUndefined();
  });

  it('count for each number on its own, and can be lifted', async () => {
    await world.control('PATCH', '/settings', { throughputPerSecond: 1 });
    await world.send(aTemplate('+15550100101'));
    expect((await world.send(aTemplate('+15550100102'))).answer.error?.code).toBe(130429);
    const other = await world.call('POST', '/v25.0/800000000000002/messages', { body: aTemplate('+15550100101') });
    expect(other.httpStatus).toBe(200);
    await world.control('PATCH', '/settings', { throughputPerSecond: 0 });
    expect(await sendMany(100, (index) => `+15550100${200 + index}`)).toEqual(Array(100).fill(undefined));
  });

  it('let 45 messages to one recipient through, and one more after the refill time', async () => {
    await world.control('PATCH', '/settings', { throughputPerSecond: 0 });
    const answers = await sendMany(47, () => '+15550100101');
    expect(answers).toEqual([131056, 131056, ...Array<undefined>(45).fill(undefined)]);
    expect((await world.send(aTemplate('+15550100102'))).httpStatus).toBe(200);
    await world.control('PATCH', '/settings', { pairRefillMs: 1 });
    expect((await world.send(aTemplate('+15550100101'))).httpStatus).toBe(200);
    await world.control('POST', '/reset', {});
    expect(await sendMany(45, () => '+15550100101')).toEqual(Array(45).fill(undefined));
  });

  async function sendMany(count: number, to: (index: number) => string): Promise<(number | undefined)[]> {
    const sends = Array.from({ length: count }, (_, index) => world.send(aTemplate(to(index))));
    // Sorting puts what has no error last.
    return (await Promise.all(sends)).map(({ answer }) => answer.error?.code).sort();
  }
});

describe('nodes', () => {
  it('a phone number has the recorded shape, and the fields that are asked for', async () => {
    const node = await world.get(`/v25.0/${PHONE_NUMBER_ID}`);
    expect(node).toEqual(readFixture('graph/phone_number_get.json'));
    expect(await world.get(`/v25.0/${PHONE_NUMBER_ID}?fields=throughput,health_status`)).toEqual({
      throughput: { level: 'STANDARD' },
      health_status: { can_send_message: 'AVAILABLE', entities: [] },
      id: PHONE_NUMBER_ID,
    });
    expect(await world.get(`/v25.0/${PHONE_NUMBER_ID}?fields=shoe_size`)).toMatchObject({ error: { code: 100 } });
    expect(await world.get('/v25.0/800000000000042')).toMatchObject({
      id: '800000000000042',
      display_phone_number: '+1 555-019-9042',
    });
  });

  it('answers name the served version and the usage', async () => {
    const { headers } = await world.call('GET', `/v24.0/${PHONE_NUMBER_ID}`);
    expect(headers).toMatchObject({
      'facebook-api-version': 'v24.0',
      ...readFixture<object>('graph/headers_usage.json'),
    });
  });

  it('templates come page by page, each in the recorded shape', async () => {
    const recorded = readFixture<Page>('graph/template_list.json');
    const names: string[] = [];
    let path: string | undefined = `/v25.0/${WABA_ID}/message_templates?limit=7`;
    for (let pages = 0; path !== undefined && pages < 9; pages += 1) {
      const page: Page = await world.get(path);
      expect(page.data.length).toBeLessThanOrEqual(7);
      names.push(...page.data.map(({ name }) => name));
      path = page.paging?.next?.replace(world.url, '');
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['order_shipped', 'login_code', 'spm_intro', 'resume_chat']));
    const whole = await world.get<Page>(`/v25.0/${WABA_ID}/message_templates?name=order_shipped&limit=100`);
    expect(keySet(whole)).toEqual(keySet(recorded));
  });

  it('templates can be narrowed down, and changed through the control API', async () => {
    await world.control('PUT', '/templates', { name: 'order_shipped', language: 'en_US', status: 'PAUSED' });
    const paused = await world.get<Page>(
      `/v25.0/${WABA_ID}/message_templates?status=PAUSED&fields=name,status,quality_score`,
    );
    expect(paused.data.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'order_shipped PAUSED',
      'paused_offer PAUSED',
    ]);
    expect((await world.send(aTemplate('+15550100101', 'order_shipped'))).answer.error?.code).toBe(132015);
  });

  it('the business account, its numbers and its apps', async () => {
    expect(await world.get(`/v25.0/${WABA_ID}?fields=currency,timezone_id`)).toEqual({
      currency: 'USD',
      timezone_id: '1',
      id: WABA_ID,
    });
    expect(await world.get(`/v25.0/${WABA_ID}/phone_numbers`)).toMatchObject({
      data: [{ id: PHONE_NUMBER_ID }],
      paging: {},
    });
    expect(await world.get(`/v25.0/${WABA_ID}/subscribed_apps`)).toEqual(readFixture('graph/subscribed_apps.json'));
    expect((await world.call('POST', `/v25.0/${WABA_ID}/subscribed_apps`)).text).toBe('{"success":true}');
  });
});

describe('media', () => {
  const content = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x2d, 0x2d, 0x00, 0xff]);

  it('is uploaded, described, downloaded byte for byte and deleted', async () => {
    const uploaded = await upload({ messaging_product: 'whatsapp', type: 'image/png' }, true);
    expect(keySet(uploaded)).toEqual(keySet(readFixture('graph/media_upload.json')));
    const node = await world.get<{ url: string; sha256: string }>(
      `/v25.0/${uploaded.id}?phone_number_id=${PHONE_NUMBER_ID}`,
    );
    expect(keySet(node)).toEqual(keySet(readFixture('graph/media_get.json')));
    expect(node).toMatchObject({
      mime_type: 'image/png',
      file_size: '10',
      sha256: createHash('sha256').update(content).digest('hex'),
    });

    expect((await fetch(node.url)).status).toBe(401);
    const file = await fetch(node.url, { headers: { authorization: 'Bearer any-token' } });
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);

    expect((await world.call('DELETE', `/v25.0/${uploaded.id}`)).text).toBe('{"success":true}');
    expect(await world.get(`/v25.0/${uploaded.id}`)).toMatchObject({ error: { code: 33 } });
    expect((await fetch(node.url, { headers: { authorization: 'Bearer any-token' } })).status).toBe(404);
  });

  it('without file or product is refused', async () => {
    expect(await upload({ messaging_product: 'whatsapp' }, false)).toMatchObject({ error: { code: 131008 } });
    expect(await upload({}, true)).toMatchObject({ error: { code: 100 } });
  });

  async function upload(fields: Record<string, string>, withFile: boolean): Promise<{ id: string }> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (withFile) form.set('file', new Blob([content], { type: 'image/png' }), 'a "quoted" näme.png');
    const path = `${world.url}/v25.0/${PHONE_NUMBER_ID}/media`;
    const answer = await fetch(path, { method: 'POST', headers: { authorization: 'Bearer any-token' }, body: form });
    return (await answer.json()) as { id: string };
  }
});

describe('health', () => {
  it.each(['/health/live', '/health/ready'])('%s answers 200', async (path) => {
    expect((await world.call('GET', path, { token: null })).httpStatus).toBe(200);
  });
});

describe('control API', () => {
  it.each<['POST' | 'PUT' | 'PATCH', string, object]>([
    ['PATCH', '/settings', { colour: 'red' }],
    ['PUT', '/recipients/1', { scenario: 'nonsense' }],
    ['POST', '/inbound', {}],
    ['POST', '/webhooks', {}],
    ['PUT', '/templates', { name: 'x' }],
  ])('%s %s refuses %j', async (method, path, body) => {
    await expect(world.control(method, path, body)).rejects.toThrow(/^400 .*"error"/);
  });

  it('a redirect that is followed is noticed', async () => {
    await world.call('GET', '/_simulator/redirected');
    expect((await world.stats()).redirectsFollowed).toBe(1);
  });

  it('lists scenarios and errors', async () => {
    const { scenarios, errors } = await world.control<{ scenarios: object[]; errors: object[] }>('GET', '/scenarios');
    expect(scenarios).toContainEqual(expect.objectContaining({ numbers: '+1 555 011 0nxx', name: 'slow_answer' }));
    expect(errors).toContainEqual({ index: 31, code: 131026, httpStatus: 400, title: 'Message undeliverable' });
  });

  it('resets settings, or keeps them', async () => {
    await world.control('PATCH', '/settings', { batchSize: 3 });
    await world.control('POST', '/reset', { keepSettings: true });
    expect(await world.control('GET', '/settings')).toMatchObject({ batchSize: 3 });
    await world.control('POST', '/reset');
    expect(await world.control('GET', '/settings')).toMatchObject({ batchSize: 20 });
  });
});
