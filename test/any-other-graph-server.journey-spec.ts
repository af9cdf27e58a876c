import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#config';
import { eventually } from '#testing';
import { accept, GraphServer, refuse, reply, wamidFor } from './world/graph-server.js';
import { aTemplate, aText } from './world/herald-api.js';
import { call } from './world/http.js';
import { aSender, SENDER } from './world/senders.js';
import { aNotification, aStatus, postWebhook } from './world/webhook.js';
import { APP_SECRET, VERIFY_TOKEN, World } from './world/world.js';

const OLD_SECRET = 'journey-app-secret-of-last-year';

describe('any other server that speaks Meta’s shapes will do', () => {
  let graph: GraphServer;
  let world: World;
  beforeAll(async () => {
    graph = await GraphServer.listen();
    world = await World.start({
      graphUrl: graph.url,
      env: { GRAPH_API_VERSION: 'v99.9', META_APP_SECRET: `${APP_SECRET},${OLD_SECRET}` },
    });
  });
  beforeEach(() => {
    graph.answer = accept;
  });
  afterAll(async () => {
    await world.stop();
    await graph.close();
  });

  const webhook = (value: object, secret = APP_SECRET) =>
    postWebhook(world.urlOf('webhooks'), aNotification(value), secret);
  const sendAndAccept = async (message: object) => {
    const id = await world.api.send(message);
    await world.until([id], "state = 'accepted'");
    return id;
  };

  it('gets each message as Meta documents it, with nothing of our own in it', async () => {
    const to = '+15550100101';
    const message = {
      type: 'text',
      text: { body: 'Grüße 👋', preview_url: false },
      context: { message_id: 'wamid.theirs' },
      x: 0,
      y: '',
      biz_opaque_callback_data: 'mine',
    };
    const id = await sendAndAccept(aText(to, { message }));
    const [request, ...others] = graph.to(to);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      path: `/v99.9/${SENDER}/messages`,
      headers: { authorization: `Bearer ${aSender(SENDER).accessToken}`, 'content-type': 'application/json' },
    });
    expect(request?.body).toEqual({
      ...message,
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to,
      biz_opaque_callback_data: `a1.${id}.1`,
    });
    expect(await world.api.message(id)).toMatchObject({ waWamid: wamidFor(to), attempts: 1, status: null });
  });

  it('its webhooks are applied when they are signed, by the new secret or the old one', async () => {
    const to = '+15550100102';
    const id = await sendAndAccept(aText(to));
    expect((await webhook({ statuses: [aStatus(wamidFor(to), 'delivered')] }, 'another secret')).status).toBe(401);
    const answer = await webhook({ statuses: [aStatus(wamidFor(to), 'sent')] });
    expect(answer).toMatchObject({ status: 200, text: '' });
    await eventually(async () => expect(await world.api.message(id)).toMatchObject({ status: 'sent' }));
    await webhook({ statuses: [aStatus(wamidFor(to), 'read')] }, OLD_SECRET);
    await eventually(async () => expect(await world.api.message(id)).toMatchObject({ status: 'read' }));
    expect(await world.query('SELECT * FROM inbox')).toHaveLength(2);
  });

  it('a status that names only its wamid, and overtakes the answer, is kept for it', async () => {
    const to = '+15550100103';
    graph.answer = async (request, response) => {
      await webhook({ statuses: [aStatus(wamidFor(to), 'sent'), aStatus(wamidFor(to), 'delivered')] });
      await eventually(async () => expect(await world.query('SELECT * FROM orphan_status')).toHaveLength(2));
      accept(request, response);
    };
    const id = await world.api.send(aText(to));
    await eventually(async () =>
      expect(await world.api.message(id)).toMatchObject({ state: 'accepted', status: 'delivered', attempts: 1 }),
    );
    expect(await world.query('SELECT * FROM orphan_status')).toEqual([]);
  });

  it('a status that names the attempt, and overtakes the answer, is proof, whatever the answer says', async () => {
    const to = '+15550100104';
    graph.answer = async ({ body }, response) => {
      await webhook({
        statuses: [aStatus(wamidFor(to), 'sent', { biz_opaque_callback_data: body.biz_opaque_callback_data })],
      });
      await eventually(async () =>
        expect(await world.query(`SELECT state FROM message WHERE recipient = '15550100104'`)).toEqual([
          { state: 'accepted' },
        ]),
      );
      refuse(400, 131026)({ method: '', path: '', headers: {}, body }, response);
    };
    const id = await world.api.send(aText(to));
    await eventually(async () =>
      expect(await world.api.message(id)).toMatchObject({ state: 'accepted', status: 'sent', attempts: 1 }),
    );
    await sleep(300);
    expect(await world.api.message(id)).toMatchObject({ state: 'accepted', status: 'sent', error: null });
  });

  it('outside the customer service window the fallback template goes, in a second attempt', async () => {
    const to = '+15550100105';
    graph.answer = (request, response) =>
      (request.body.type === 'text' ? refuse(400, 131047) : accept)(request, response);
    const fallback = aTemplate(to, 'resume_chat').message;
    const id = await sendAndAccept(aText(to, { windowFallback: fallback }));
    expect(graph.to(to).map(({ body }) => body)).toMatchObject([
      { type: 'text' },
      { ...fallback, biz_opaque_callback_data: `a1.${id}.2` },
    ]);
    expect(await world.api.message(id)).toMatchObject({ attempts: 2, error: null });
  });

  it('what it says of an error is told to the client, without the access token', async () => {
    const { accessToken } = aSender(SENDER);
    graph.answer = refuse(400, 100, `Malformed access token ${accessToken} in field x`);
    const id = await world.api.send(aText('+15550100106'));
    await world.until([id], "state = 'failed'");
    const timeline = JSON.stringify(await world.api.timeline(id));
    expect(timeline).toContain('in field x');
    expect(timeline).not.toContain(accessToken);
  });

  it('more than it should say is cut off: an answer without end is no answer', async () => {
    graph.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"messages":[{"id":"wamid.x"}],"padding":"${'x'.repeat(1024 * 1024)}`);
    };
    const id = await world.api.send(aText('+15550100107'));
    await world.until([id], "state = 'uncertain'");
    expect(graph.to('+15550100107')).toHaveLength(1);
  });

  it('its gateway may fail: that proves nothing, and nothing is sent again', async () => {
    graph.answer = (_request, response) => reply(response, 504, '<h1>Gateway Timeout</h1>');
    const id = await world.api.send(aText('+15550100108'));
    await world.until([id], "state = 'uncertain'");
    await sleep(500);
    expect(graph.to('+15550100108')).toHaveLength(1);
  });

  it('the handshake is answered when the token is ours', async () => {
    const handshake = (token: string, challenge: string) =>
      call(
        'GET',
        `${world.urlOf('webhooks')}/webhooks/whatsapp?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': challenge }).toString()}`,
      );
    expect(await handshake(VERIFY_TOKEN, '1158201444')).toMatchObject({ status: 200, text: '1158201444' });
    expect(await handshake('another token', '1158201444')).toMatchObject({ status: 403, text: '' });
    expect(await handshake(VERIFY_TOKEN, '<script>')).toMatchObject({ status: 403, text: '' });
  });

  it('nothing of Herald knows the simulator', () => {
    const rooms = ['apps/api', 'apps/webhooks', 'apps/worker', 'libs'].flatMap((folder) =>
      sourcesIn(join(projectRoot(), folder)),
    );
    expect(rooms.length).toBeGreaterThan(100);
    // The file that tells scripts what the local stack started names its address, when it started one.
    const knowing = rooms.filter(
      (path) => /simulator/i.test(readFileSync(path, 'utf8')) && !path.endsWith('libs/config/src/home/run-env.ts'),
    );
    expect(knowing).toEqual([]);
  });
});

/** Sources of the product below a folder: no specs, nor what only specs use. */
function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path.endsWith('.ts') && !/spec\.ts$|\/test\/|\/specs\/|libs\/testing\/|\/generated\//.test(path));
}
