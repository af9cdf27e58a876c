import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { call } from './world/http.js';
import { recipients, SENDER, wabaOf } from './world/senders.js';
import { World } from './world/world.js';

const [ANN = '', BEN = '', CLEO = '', DAN = ''] = recipients('010', 4, 441);
const aBody = (text: string) => ({ type: 'BODY', text });

describe('templates', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  const message = (name: string, ...texts: string[]) => ({
    type: 'template',
    template: {
      name,
      language: { code: 'en_US' },
      components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }],
    },
  });
  const send = (to: string, content: object) =>
    world.api.call('POST', '/v1/messages', { body: { from: SENDER, to, message: content } });
  let changes = 0;
  /** Meta gives a template another status, and tells of it. */
  const change = async (name: string, status: string) => {
    await call('PUT', `${world.simulator.url}/_simulator/templates`, { body: { name, language: 'en_US', status } });
    const value = {
      event: status,
      message_template_id: 1,
      message_template_name: name,
      message_template_language: 'en_US',
      reason: 'NONE',
      // A webhook that says word for word the same is the same webhook.
      other_info: { title: status, description: String((changes += 1)) },
    };
    await world.simulator.webhook({ value, field: 'message_template_status_update', wabaId: wabaOf(SENDER) });
  };
  const statusOf = async (name: string) =>
    (await world.api.call<{ data: { status: string }[] }>('GET', `/v1/templates?name=${name}`)).json.data[0]?.status;

  it('are created, approved by a webhook, and sent', async () => {
    const template = {
      name: 'table_ready',
      language: 'en_US',
      category: 'UTILITY',
      components: [aBody('Table {{1}} is ready')],
    };
    expect((await world.api.call('POST', '/v1/templates', { body: { from: SENDER, template } })).status).toBe(201);
    await eventually(async () => expect(await statusOf('table_ready')).toBe('APPROVED'));
    expect((await send(ANN, message('table_ready'))).json).toMatchObject({ code: 'template_parameter_count' });
    const { status, json } = await send(ANN, message('table_ready', '7'));
    expect(status).toBe(202);
    await world.untilRead([String(json['id'])]);
    expect(await world.api.message(String(json['id']))).toMatchObject({
      category: 'utility',
      categorySource: 'synced',
    });
  });

  it('that are paused hold their messages, say so, and let them go when Meta does', async () => {
    const first = await send(BEN, message('order_shipped', 'Ben', '4711'));
    await world.untilRead([String(first.json['id'])]);
    await change('order_shipped', 'PAUSED');
    await eventually(async () => expect(await statusOf('order_shipped')).toBe('PAUSED'));
    // What the API knows of a template may be five seconds old.
    await eventually(
      async () =>
        expect((await send(DAN, message('order_shipped', 'Dan', '1'))).json).toMatchObject({ code: 'template_paused' }),
      { intervalMs: 1_000, timeoutMs: 20_000 },
    );

    await change('order_shipped', 'APPROVED');
    await eventually(async () => expect(await statusOf('order_shipped')).toBe('APPROVED'));
    let held = '';
    await eventually(
      async () => {
        const sendAt = new Date(Date.now() + 3_000).toISOString();
        const body = { from: SENDER, to: CLEO, message: message('order_shipped', 'Cleo', '1'), sendAt };
        const { status, json } = await world.api.call('POST', '/v1/messages', { body });
        expect(status).toBe(202);
        held = String(json['id']);
      },
      { intervalMs: 1_000, timeoutMs: 20_000 },
    );
    await change('order_shipped', 'PAUSED');
    await world.until([held], "reason = 'template_paused'");
    await eventually(async () => expect(await world.api.message(held)).toMatchObject({ waitsFor: 'hold.template' }));
    expect((await world.api.call('GET', '/v1/alerts')).text).toContain('order_shipped:en_US');
    await change('order_shipped', 'APPROVED');
    // What waited for a template is looked at once a minute.
    await world.untilRead([held], 90_000);
    expect((await world.simulator.log()).filter(({ code }) => code === 132015)).toEqual([]);
  });
});
