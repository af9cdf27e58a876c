import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import GreatDetail from '@great-detail/whatsapp';
import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WhatsAppAPI } from 'whatsapp-api-js';
import { ActionButtons, Body, Button, Image, Interactive, Language, Template, Text } from 'whatsapp-api-js/messages';
import { recipients, SENDER } from './world/senders.js';
import { World } from './world/world.js';

type Json = Record<string, unknown>;
const NOBODYS_KEY = 'hk_nobody_has_this_key_0123456789';
const PNG = Buffer.from('iVBORw0KGgo=', 'base64');
const BUTTONS = {
  type: 'button',
  body: { text: 'Which one?' },
  action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'This' } }] },
};

/** What each library can do, in its own words; sends answer the id that it understood. */
interface Library {
  text: (to: string) => Promise<string>;
  template: (to: string) => Promise<string>;
  upload: () => Promise<string>;
  image: (to: string, id: string) => Promise<string>;
  buttons: (to: string) => Promise<string>;
  read: (wamid: string) => Promise<boolean>;
  mediaUrl: (id: string) => Promise<string>;
  remove: (id: string) => Promise<boolean>;
  /** Code and details of what is refused, as the library hands them on. */
  tooLong: (to: string) => Promise<{ code: number; details: string }>;
  badToken: (to: string) => Promise<number>;
}

/** Its `baseUrl` and `accessToken`. */
function kapso(url: string, key: string): Library {
  const open = (accessToken: string) => new WhatsAppClient({ baseUrl: url, graphVersion: 'v25.0', accessToken });
  const client = open(key);
  const from = { phoneNumberId: SENDER };
  const idOf = async (answer: Promise<{ messages: { id: string }[] }>) => (await answer).messages[0]?.id ?? '';
  const failure = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(() => null).catch((thrown: unknown) => thrown);
    if (!(error instanceof GraphApiError)) throw new Error(`no GraphApiError: ${String(error)}`);
    return error;
  };
  return {
    text: (to) => idOf(client.messages.sendText({ ...from, to, body: 'Hello' })),
    template: (to) =>
      idOf(
        client.messages.sendTemplate({
          ...from,
          to,
          template: { name: 'hello_customer', language: { code: 'en_US' } },
        }),
      ),
    upload: async () => (await client.media.upload({ ...from, type: 'image/png', file: PNG, fileName: 'a.png' })).id,
    image: (to, id) => idOf(client.messages.sendImage({ ...from, to, image: { id } })),
    buttons: (to) =>
      idOf(
        client.messages.sendInteractiveButtons({
          ...from,
          to,
          bodyText: 'Which one?',
          buttons: [{ id: 'a', title: 'This' }],
        }),
      ),
    read: async (messageId) => (await client.messages.markRead({ ...from, messageId })).success,
    mediaUrl: async (mediaId) => (await client.media.get({ mediaId })).url,
    remove: async (mediaId) => (await client.media.delete({ mediaId })).success,
    tooLong: async (to) => {
      const { code, details } = await failure(client.messages.sendText({ ...from, to, body: 'x'.repeat(4_097) }));
      return { code, details: String(details ?? '') };
    },
    badToken: async (to) => (await failure(open(NOBODYS_KEY).messages.sendText({ ...from, to, body: 'x' }))).code,
  };
}

/** Its `baseUrl` and header. */
function greatDetail(url: string, key: string): Library {
  const open = (token: string) =>
    new GreatDetail({
      // The library takes the last part of this address for the version that it replaces.
      baseUrl: `${url}/v25.0`,
      request: { headers: { Authorization: `Bearer ${token}` }, throwHttpErrors: false },
    });
  const client = open(key);
  const create = (message: Json, sdk = client) =>
    sdk.message.createMessage({ phoneNumberID: SENDER, ...message } as never) as unknown as Promise<Response>;
  const json = async (answer: unknown) => (await ((await answer) as Response).json()) as Json;
  const idOf = async (message: Json) => ((await json(create(message)))['messages'] as [{ id: string }])[0].id;
  const errorOf = async (answer: unknown) =>
    (await json(answer))['error'] as { code: number; error_data: { details: string } };
  return {
    text: (to) => idOf({ to, type: 'text', text: { body: 'Hello' } }),
    template: (to) => idOf({ to, type: 'template', template: { name: 'hello_customer', language: { code: 'en_US' } } }),
    upload: async () =>
      String(
        (await json(client.media.upload({ phoneNumberID: SENDER, mimeType: 'image/png', file: new Blob([PNG]) })))[
          'id'
        ],
      ),
    image: (to, id) => idOf({ to, type: 'image', image: { id } }),
    buttons: (to) => idOf({ to, type: 'interactive', interactive: BUTTONS }),
    read: async (message_id) =>
      (await json(client.message.createStatus({ phoneNumberID: SENDER, message_id, status: 'read' })))['success'] ===
      true,
    mediaUrl: async (mediaID) => String((await json(client.media.getURL({ mediaID })))['url']),
    remove: async (mediaID) => (await json(client.media.delete({ mediaID })))['success'] === true,
    tooLong: async (to) => {
      const { code, error_data: data } = await errorOf(create({ to, type: 'text', text: { body: 'x'.repeat(4_097) } }));
      return { code, details: data.details };
    },
    badToken: async (to) => (await errorOf(create({ to, type: 'text', text: { body: 'x' } }, open(NOBODYS_KEY)))).code,
  };
}

/** It has no option for the address: its `fetch` goes elsewhere. */
function whatsappApiJs(url: string, key: string): Library {
  const elsewhere: typeof fetch = (input, init) =>
    fetch(String(input instanceof Request ? input.url : input).replace('https://graph.facebook.com', url), init);
  const open = (token: string) =>
    new WhatsAppAPI({ token, secure: false, v: 'v25.0', ponyfill: { fetch: elsewhere } } as never);
  const client = open(key);
  const send = async (to: string, message: never, api = client) =>
    (await api.sendMessage(SENDER, to, message)) as unknown as Json;
  const idOf = async (to: string, message: unknown) =>
    ((await send(to, message as never))['messages'] as [{ id: string }])[0].id;
  const errorOf = async (answer: Promise<Json>) =>
    (await answer)['error'] as { code: number; error_data: { details: string } };
  return {
    text: (to) => idOf(to, new Text('Hello')),
    template: (to) => idOf(to, new Template('hello_customer', new Language('en_US'))),
    upload: async () => {
      const form = new FormData();
      form.set('file', new Blob([PNG], { type: 'image/png' }), 'a.png');
      return String(((await client.uploadMedia(SENDER, form)) as unknown as Json)['id']);
    },
    image: (to, id) => idOf(to, new Image(id, true)),
    buttons: (to) => idOf(to, new Interactive(new ActionButtons(new Button('a', 'This')), new Body('Which one?'))),
    read: async (wamid) => ((await client.markAsRead(SENDER, wamid)) as unknown as Json)['success'] === true,
    mediaUrl: async (id) => String(((await client.retrieveMedia(id)) as unknown as Json)['url']),
    remove: async (id) => ((await client.deleteMedia(id)) as unknown as Json)['success'] === true,
    tooLong: async (to) => {
      // The library counts for itself: what it would not let through goes past its check.
      const text = Object.assign(new Text('x'), { body: 'x'.repeat(4_097) });
      const { code, error_data: data } = await errorOf(send(to, text as never));
      return { code, details: data.details };
    },
    badToken: async (to) => (await errorOf(send(to, new Text('x') as never, open(NOBODYS_KEY)))).code,
  };
}

describe.each([
  ['@kapso/whatsapp-cloud-api', kapso, '401'],
  ['@great-detail/whatsapp', greatDetail, '411'],
  ['whatsapp-api-js', whatsappApiJs, '421'],
] as const)('code that uses %s', (_name, open, block) => {
  const [text = '', template = '', image = '', buttons = '', nobody = ''] = recipients('010', 5, Number(block));
  let world: World;
  let folder: string;
  let library: Library;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'herald-journey-clients-'));
    world = await World.start({ env: { MEDIA_DIR: folder } });
    library = open(world.api.url, world.api.key ?? '');
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const sent = async (id: string) => (await world.api.message(id)).message;

  it('sends, with its address and token changed alone, and understands the answers', async () => {
    const file = await library.upload();
    expect(await library.mediaUrl(file)).toMatch(new RegExp(`^${world.api.url}/`));
    const ids = [
      await library.text(text),
      await library.template(template),
      await library.image(image, file),
      await library.buttons(buttons),
    ];
    expect(await Promise.all(ids.map(sent))).toMatchObject([
      { type: 'text', text: { body: 'Hello' } },
      { type: 'template', template: { name: 'hello_customer', language: { code: 'en_US' } } },
      { type: 'image', image: { id: file } },
      { type: 'interactive', interactive: BUTTONS },
    ]);
    await world.untilRead(await Promise.all(ids.map(async (id) => (await world.api.message(id)).id)));
    expect(await library.remove(file)).toBe(true);
  });

  it('marks messages as read', async () => {
    const wamid = await world.simulator.inbound({ from: text, message: { type: 'text', text: { body: 'Hi' } } });
    expect(await library.read(wamid)).toBe(true);
  });

  it('understands what is refused', async () => {
    expect(await library.tooLong(nobody)).toEqual({
      code: 131009,
      details: expect.stringMatching(/^text\.body must be/),
    });
    expect(await library.badToken(nobody)).toBe(190);
  });
});
