import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFixture } from '#graph-api';
import { A_SENDER } from '#testing';
import { aDelivery, anInbound, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const SECRET = 'my account number is 4711';
const now = Math.floor(Date.now() / 1_000);
const receivedAt = new Date(1_790_856_100_000);

const ofField = (field: string, value: object) => ({
  entry: [
    {
      id: A_SENDER.wabaId,
      changes: [
        {
          field,
          value: {
            metadata: { display_phone_number: '15550100100', phone_number_id: A_SENDER.phoneNumberId },
            ...value,
          },
        },
      ],
    },
  ],
});
const anEcho = (wamid: string, more: object = {}) => ({
  id: wamid,
  from: '15550100100',
  to: '15550100101',
  timestamp: String(now - 60),
  type: 'text',
  text: { body: SECRET },
  ...more,
});
const echoes = (...message_echoes: object[]) => ofField('smb_message_echoes', { message_echoes });
const history = (...messages: object[]) =>
  ofField('history', { history: [{ metadata: { phase: 0 }, threads: [{ id: '15550100101', messages }] }] });

async function hear(...bodies: (object | string)[]): Promise<void> {
  for (const body of bodies) await world.store(body, typeof body === 'string' ? receivedAt : undefined);
  await world.newIntake().apply();
}
const stored = () => world.database.prisma.appMessage.findMany({ orderBy: { wamid: 'asc' } });
async function isStored(text: string): Promise<boolean> {
  const raws = await world.database.prisma.inbox.findMany();
  const { inbox: _bytes, ...tables } = await world.dump();
  return JSON.stringify(tables).includes(text) || raws.some(({ raw }) => Buffer.from(raw).toString().includes(text));
}

describe('messages of the WhatsApp Business app', () => {
  it('are stored, and open no window', async () => {
    await hear(...['smb_message_echo.json', 'history_chunk.json'].map((file) => readFixture('webhooks', file)));
    expect(await stored()).toMatchObject([
      { origin: 'history', isOutbound: true, contact: '15550100001', type: 'text', status: 'read' },
      { origin: 'echo', isOutbound: true, contact: '15550100001', type: 'text', status: null },
      { origin: 'history', isOutbound: false, status: 'played', type: 'media_placeholder' },
    ]);
    expect(await world.run('SELECT FROM conversation')).toEqual([]);
    expect(await world.run('SELECT FROM inbound_message')).toEqual([]);
    expect(await world.run('SELECT FROM inbox_unhandled')).toEqual([]);
  });

  it.each([[false], [true]])(
    'lead to the same rows in any order, and twice (the other way: %s)',
    async (isReversed) => {
      const file = { id: 'wamid.1', from: '15550100101', timestamp: String(now), type: 'image', image: { id: '7' } };
      const placeholder = { ...file, type: 'media_placeholder', image: undefined, history_context: { status: 'READ' } };
      const bodies = [
        history(placeholder, anEcho('wamid.2', { history_context: { status: 'DELIVERED' } })),
        echoes(anEcho('wamid.2')),
        ofField('history', { messages: [file] }),
      ];
      for (const body of isReversed ? bodies.toReversed() : bodies) await hear(body, body);
      expect(await stored()).toMatchObject([
        { wamid: 'wamid.1', type: 'image', status: 'read', content: { image: { id: '7' } } },
        { wamid: 'wamid.2', origin: 'echo', status: 'delivered', content: { text: { body: SECRET } } },
      ]);
    },
  );

  it.each([[false], [true]])('of the history are as far as they had come (the other way: %s)', async (isReversed) => {
    const bodies = ['SENT', 'READ'].map((status) => history(anEcho('wamid.1', { history_context: { status } })));
    for (const body of isReversed ? bodies.toReversed() : bodies) await hear(body);
    expect(await stored()).toMatchObject([{ status: 'read', content: { history_context: { status: 'READ' } } }]);
  });

  it('of a number that is not ours are counted', async () => {
    await hear(
      ofField('smb_message_echoes', {
        metadata: { phone_number_id: '800000000000404' },
        message_echoes: [anEcho('w')],
      }),
    );
    expect(await stored()).toEqual([]);
    expect(await world.database.prisma.inboxUnhandled.findMany()).toMatchObject([
      { field: 'smb_message_echoes', kind: 'unknown_sender' },
    ]);
  });
});

describe('a message of the app that is deleted', () => {
  const revoked = (more: object = {}) => ({
    type: 'revoke',
    text: undefined,
    revoke: { original_message_id: 'wamid.1' },
    ...more,
  });
  const revoke = echoes(anEcho('wamid.revoke', revoked({ timestamp: String(now) })));
  const edit = echoes(
    anEcho('wamid.edit', {
      type: 'edit',
      text: undefined,
      edit: { original_message_id: 'wamid.1', message: { type: 'text', text: { body: `${SECRET}, sorry` } } },
    }),
  );
  it.each([
    ['after it came', [echoes(anEcho('wamid.1')), edit, revoke]],
    ['before it came', [revoke, edit, echoes(anEcho('wamid.1'))]],
    ['between the echo and the history', [echoes(anEcho('wamid.1')), revoke, history(anEcho('wamid.1')), edit]],
  ])('%s is erased with its edits, here and where it came in', async (_when, bodies) => {
    for (const body of bodies) await hear(body);
    expect(await isStored(SECRET)).toBe(false);
    expect(await world.database.prisma.appMessage.findUnique({ where: { wamid: 'wamid.1' } })).toMatchObject({
      contact: '15550100101',
      deletedAt: new Date(now * 1_000),
    });
  });

  it('is the same whether its echo or its history was there when it was deleted', async () => {
    const bodies = [echoes(anEcho('wamid.1')), history(anEcho('wamid.1', { history_context: { status: 'SENT' } }))];
    const contents: unknown[] = [];
    for (const [first, second] of [bodies, bodies.toReversed()]) {
      await world.clear();
      for (const body of [first, revoke, second]) await hear(body!);
      contents.push((await world.database.prisma.appMessage.findUnique({ where: { wamid: 'wamid.1' } }))?.content);
      expect(await isStored(SECRET)).toBe(false);
    }
    expect(contents[1]).toEqual(contents[0]);
  });

  it('by the contact, who wrote it before the number was connected, is erased in the history', async () => {
    await hear(history({ ...anEcho('wamid.1'), from: '15550100101', to: undefined }));
    expect(await isStored(SECRET)).toBe(true);
    await hear(aDelivery({ messages: [{ ...anInbound('wamid.r'), ...revoked() }] }));
    expect(await isStored(SECRET)).toBe(false);
    expect((await stored())[0]).toMatchObject({ isOutbound: false, deletedAt: expect.any(Date) });
  });
});

describe('hostile messages of the app', () => {
  it.each([
    ['no time', { timestamp: undefined }],
    ['a numeric time', { timestamp: now }],
    ['NUL and half an emoji', { text: { body: 'a\u0000b\ud800' } }],
    ['no type', { type: undefined }],
  ])('with %s are stored', async (_what, more) => {
    await hear(echoes(anEcho('wamid.1', more), anEcho('wamid.1', more), null as never));
    expect(await stored()).toHaveLength(1);
    expect(await world.run('SELECT FROM inbox_work')).toEqual([]);
  });
});
