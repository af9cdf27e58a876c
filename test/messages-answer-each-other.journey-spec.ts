import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { accept, GraphServer, refuse, wamidFor } from './world/graph-server.js';
import { aText } from './world/herald-api.js';
import { SENDER } from './world/senders.js';
import { World } from './world/world.js';

describe('messages that name messages of ours', () => {
  let graph: GraphServer;
  let world: World;
  beforeAll(async () => {
    graph = await GraphServer.listen();
    world = await World.start({ graphUrl: graph.url, processes: ['api', 'webhooks'] });
  });
  afterAll(async () => {
    await world.stop();
    await graph.close();
  });

  it('are sent in any order, wait for each other, and name each other by Meta’s ids', async () => {
    const cloud = await world.api.call<{ messages: [{ id: string }] }>('POST', `/v25.0/${SENDER}/messages`, {
      body: { messaging_product: 'whatsapp', to: '+15550100501', type: 'text', text: { body: 'first' } },
    });
    const [{ id: heraldId }] = cloud.json.messages;
    const reaction = { type: 'reaction', reaction: { message_id: heraldId, emoji: '👍' } };
    const reply = {
      type: 'text',
      text: { body: 'second' },
      context: { message_id: (await world.api.message(heraldId)).id },
    };
    const ids = [
      await world.api.send(aText('+15550100502', { message: reaction })),
      await world.api.send(aText('+15550100503', { message: reply, priority: 'urgent' })),
    ];
    graph.answer = (request, response) =>
      // What the first message is known by is slow to come, so that the others are there before it.
      void setTimeout(() => accept(request, response), request.body['to'] === '+15550100501' ? 1_500 : 0);
    await world.start('worker');
    await world.until(ids, "reason = 'awaits_target'");
    expect(await world.api.message(ids[0] ?? '')).toMatchObject({ waitsFor: 'target', waitsUntil: null });
    await world.until(ids, "state = 'accepted'");
    const wamid = wamidFor('+15550100501');
    expect(graph.to('+15550100502').map(({ body }) => body['reaction'])).toEqual([{ message_id: wamid, emoji: '👍' }]);
    expect(graph.to('+15550100503').map(({ body }) => body['context'])).toEqual([{ message_id: wamid }]);
    // What the client wrote is what it sees.
    expect((await world.api.message(ids[0] ?? '')).message).toEqual(reaction);
  });

  it('fail when the named one was refused', async () => {
    graph.answer = (request, response) =>
      (request.body['to'] === '+15550100511' ? refuse(400, 131026) : accept)(request, response);
    const first = await world.api.send(aText('+15550100511'));
    const message = { type: 'text', text: { body: 'second' }, context: { message_id: first } };
    const id = await world.api.send(aText('+15550100512', { message }));
    await eventually(async () =>
      expect(await world.api.message(id)).toMatchObject({ state: 'failed', error: { code: 'target_not_sent' } }),
    );
    expect(graph.to('+15550100512')).toEqual([]);
  });
});
