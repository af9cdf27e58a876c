import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asV1Request, listFixtures, readFixture } from '#graph-api';
import { eventually } from '#testing';
import { GraphServer, reply } from './world/graph-server.js';
import { recipients, SENDER } from './world/senders.js';
import { World } from './world/world.js';

type Json = Record<string, unknown>;
interface Fixture {
  name: string;
  body: Json;
}

const FIXTURES: Fixture[] = listFixtures('send').map((file) => ({
  name: file.replace('.json', ''),
  body: JSON.parse(readFixture('send', file)) as Json,
}));
const MESSAGES = FIXTURES.filter(({ body }) => body['status'] === undefined);
const RECEIPTS = FIXTURES.filter(({ body }) => body['status'] === 'read');

/** Each fixture to a recipient of its own, so that its request can be told from the others. */
function addressed({ body }: Fixture, index: number, block: string): Json {
  const [number] = recipients(block, 1, index + 1);
  if (body['recipient_type'] === 'group') return { ...body, to: `${String(body['to'])}${block}${index}` };
  return body['to'] === undefined
    ? { ...body, recipient: `${String(body['recipient'])}${block}${index}` }
    : { ...body, to: number };
}

/** What reaches Meta: beside a number no user id goes along, and our own callback data takes the place of theirs. */
function onTheWire(body: Json): Json {
  const { biz_opaque_callback_data: _data, recipient, ...rest } = body;
  return rest['to'] === undefined ? { ...rest, recipient } : rest;
}

const withoutData = ({ biz_opaque_callback_data: _data, ...body }: Json) => body;

/** A fixture broken in one place, and the field that is wrong then. */
function broken({ body }: Fixture): { body: Json; field: string } {
  const type = String(body['type']);
  const content = structuredClone(body[type]) as Json;
  const put = (field: string, change: Json | ((content: Json) => unknown)) => {
    if (typeof change === 'function') change(content);
    return { body: { ...body, [type]: typeof change === 'function' ? content : { ...content, ...change } }, field };
  };
  switch (type) {
    case 'text':
      return put('text.body', { body: '' });
    case 'location':
      return put('location.latitude', { latitude: 91 });
    case 'contacts':
      return put('contacts[0].name', (cards) => Reflect.deleteProperty((cards as unknown as [Json])[0], 'name'));
    case 'reaction':
      return put('reaction.message_id', { message_id: '' });
    case 'pin':
      return put('pin.type', { type: 'needle' });
    case 'template':
      return put('template.language.code', { language: { code: '' } });
    case 'interactive':
      return content['body'] === undefined
        ? put('interactive.action', { action: 'none' })
        : put('interactive.body.text', { body: { text: 'x'.repeat(5_000) } });
    default:
      return put(`${type}.${'id' in content ? 'id' : 'link'}`, { ['id' in content ? 'id' : 'link']: '' });
  }
}

describe('every body of Meta’s', () => {
  let graph: GraphServer;
  let world: World;
  beforeAll(async () => {
    let count = 0;
    graph = await GraphServer.listen(({ body }, response) =>
      reply(response, 200, {
        messaging_product: 'whatsapp',
        ...(body['status'] === 'read' ? { success: true } : { messages: [{ id: `wamid.${(count += 1)}` }] }),
      }),
    );
    world = await World.start({ graphUrl: graph.url });
  });
  afterAll(async () => {
    await world.stop();
    await graph.close();
  });

  const cloud = (body: Json, endpoint = 'messages') => world.api.call('POST', `/v25.0/${SENDER}/${endpoint}`, { body });
  const endpointOf = (name: string) => (name === 'marketing_messages' ? name : 'messages');
  const isFor = (sent: Json) => (body: Json) =>
    body['to'] === sent['to'] && (sent['to'] !== undefined || body['recipient'] === sent['recipient']);

  it.each(MESSAGES.map((fixture, index) => ({ ...fixture, index })))(
    '$name reaches Meta as it was, by /v1 and by the drop-in API',
    async ({ index, ...fixture }) => {
      const byV1 = addressed(fixture, index, '0100');
      const byCloud = addressed(fixture, index, '0101');
      await world.api.send(asV1Request(fixture.name, byV1, SENDER));
      expect(await cloud(byCloud, endpointOf(fixture.name))).toMatchObject({ status: 200 });
      for (const sent of [byV1, byCloud])
        await eventually(() => {
          const [request, ...others] = graph.requests.filter(({ body }) => isFor(onTheWire(sent))(body));
          expect(others).toEqual([]);
          expect(request?.path).toBe(`/v25.0/${SENDER}/${endpointOf(fixture.name)}`);
          expect(withoutData(request?.body ?? {})).toEqual(onTheWire(sent));
        });
    },
  );

  it.each(MESSAGES)('$name, broken in one place, is refused with the field', async (fixture) => {
    const { body, field } = broken(fixture);
    const v1 = await world.api.call('POST', '/v1/messages', { body: asV1Request(fixture.name, body, SENDER) });
    expect([v1.status, (v1.json['errors'] as [Json])[0]['field']]).toEqual([422, `message.${field}`]);
    const { status, json } = await cloud(body, endpointOf(fixture.name));
    const { code, error_data: data } = json['error'] as { code: number; error_data: { details: string } };
    expect([status, [131008, 131009].includes(code), data.details.split(' ')[0]]).toEqual([400, true, field]);
  });

  it.each(RECEIPTS)('$name is a read receipt, kept and sent', async ({ name, body }) => {
    const receipt = { ...body, message_id: `wamid.${name}` };
    expect(await cloud(receipt)).toMatchObject({ status: 200, json: { success: true } });
    const wamid = encodeURIComponent(`wamid.v1-${name}`);
    const typingIndicator = body['typing_indicator'] !== undefined;
    const asked = await world.api.call('POST', `/v1/inbound-messages/${wamid}/read`, {
      body: { from: SENDER, typingIndicator },
    });
    expect(asked.status).toBe(202);
    for (const sent of [receipt, { ...body, message_id: `wamid.v1-${name}` }])
      await eventually(() =>
        expect(graph.requests.filter((request) => request.body['message_id'] === sent.message_id)).toMatchObject([
          { body: sent },
        ]),
      );
    const refused = await cloud({ ...body, message_id: 7 });
    expect(refused).toMatchObject({
      status: 400,
      json: { error: { code: 100, error_data: { details: expect.stringMatching(/^message_id /) } } },
    });
  });
});
