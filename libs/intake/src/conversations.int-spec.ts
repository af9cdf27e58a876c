import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type ConversationNews, followConversations, ListConversationsService, WindowService } from '#conversations';
import { readFixture } from '#graph-api';
import { Logger } from '#observability';
import { A_SENDER, aClient, aMessage, anEnvironment } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const { phoneNumberId } = A_SENDER;
const HOUR = 3_600;
const CONTACT = '15550100101';
const START = Math.floor(Date.now() / 1_000) - 20 * 24 * HOUR;
let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
  const { id: clientId } = await aClient(world.database);
  await world.database.prisma.apiKey.create({
    data: {
      id: uuidv7(),
      clientId,
      prefix: 'hk_test',
      hash: Buffer.alloc(32, 1),
      scopes: ['inbound:read'],
      allSenders: true,
      senders: [],
    },
  });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const second = (hours: number, seconds = 0) => START + hours * HOUR + seconds;
const instant = (hours: number, seconds = 0) => new Date(second(hours, seconds) * 1_000);
/** A message of a contact, with what else it has. */
const wrote = (hours: number, { id = `in.${hours}`, from = CONTACT, ...rest }: Record<string, unknown> = {}) =>
  aDelivery({ messages: [{ ...anInbound(String(id)), from, timestamp: String(second(hours)), ...rest }] });
const referral = { source_type: 'ad', source_id: '1' };
const sent = (wamid: string, hours: number, rest: object = {}) =>
  aDelivery({ statuses: [{ ...aStatus({ wamid, status: 'sent', ts: second(hours) }), ...rest }] });
const delivered = (wamid: string, hours: number, rest: object = {}) =>
  sent(wamid, hours, { status: 'delivered', ...rest });
const hear = async (...bodies: object[]) => {
  for (const body of bodies) {
    await world.store(body);
    await world.newIntake().apply();
  }
};
const rows = () => world.database.prisma.conversation.findMany({ orderBy: [{ openedAt: 'asc' }, { kind: 'asc' }] });
/** All that does not depend on when Herald heard of it. */
const facts = async () => (await rows()).map(({ id: _id, told: _told, ...facts }) => facts);
const events = async () =>
  (await world.run<{ type: string }>(`SELECT type FROM event WHERE type LIKE 'conversation.%' ORDER BY id`)).map(
    ({ type }) => type.replace('conversation.', ''),
  );
/** One of ours that Meta took. @returns its wamid */
const weSent = async (recipient = CONTACT) => {
  const { attempts } = await aMessage(world.database, { state: 'accepted', recipient });
  return attempts[0]!.wamid!;
};

describe('a customer service window', () => {
  it('is opened by a message, and its end moved by the next', async () => {
    await hear(wrote(0), wrote(5));
    expect(await rows()).toMatchObject([
      {
        phoneNumberId,
        contact: CONTACT,
        kind: 'service',
        openedAt: instant(0),
        openedBy: 'in.0',
        lastHeardAt: instant(5),
        certainUntil: instant(29),
        expiresAt: instant(29),
        extendedCount: 1,
        told: 0,
      },
    ]);
    expect(await events()).toEqual(['opened', 'extended']);
  });

  it('is listed as it stood at any instant, to the second', async () => {
    await hear(
      wrote(0, { from: '5215512345678' }),
      wrote(20, { from: '525512345678' }),
      wrote(40, { type: 'reaction' }),
    );
    await hear(wrote(2), wrote(40, { id: 'in.last' }), wrote(41, { from: '525512345678' }));
    const conversations = new ListConversationsService(world.database);
    const listed = async (at: Date, state?: 'open' | 'expired') =>
      (await conversations.list('all', { at, state, limit: 10 })).data
        .toReversed()
        .map(({ state: was, lastHeardAt, certainUntil, extendedCount, expiresAt }) => [
          was,
          ...[lastHeardAt, certainUntil, expiresAt].map(
            (instantOf) => instantOf && (+instantOf / 1_000 - START) / HOUR,
          ),
          extendedCount,
        ]);
    const mexican = ['open', 0, 24, 24, 0];
    const other = ['open', 2, 26, 26, 0];
    expect(await listed(instant(0))).toEqual([mexican]);
    expect(await listed(instant(20, -1))).toEqual([mexican, other]);
    expect(await listed(instant(20), 'open')).toEqual([['open', 20, 44, 44, 1], other]);
    expect(await listed(instant(30))).toEqual([
      ['open', 20, 44, 44, 1],
      ['expired', 2, 26, 26, 0],
    ]);
    expect(await listed(instant(41), 'open')).toEqual([
      ['open', 41, 65, 65, 2],
      ['open', 40, 64, 64, 0],
    ]);
    expect(await listed(instant(66))).toEqual([
      ['expired', 41, 65, 65, 2],
      ['expired', 2, 26, 26, 0],
      ['expired', 40, 64, 64, 0],
    ]);
  });

  it('changes nothing by a message that comes again', async () => {
    await hear(wrote(0));
    const before = await rows();
    await hear(wrote(0), wrote(0));
    expect(await rows()).toEqual(before);
    expect(await events()).toEqual(['opened']);
  });

  it('is told once of a batch that extends it several times', async () => {
    await hear(wrote(0));
    for (const hours of [1, 2, 3]) await world.store(wrote(hours));
    await world.newIntake().apply();
    expect(await rows()).toMatchObject([{ extendedCount: 3, expiresAt: instant(27) }]);
    expect(await events()).toEqual(['opened', 'extended']);
  });

  it('is one with the next when a late message lies between them', async () => {
    await hear(wrote(0), wrote(30));
    const [first] = await rows();
    await hear(wrote(15));
    expect(await rows()).toMatchObject([{ id: first!.id, openedAt: instant(0), expiresAt: instant(54) }]);
    expect(await events()).toEqual(['opened', 'opened', 'extended']);
  });

  it('opened earlier when an earlier message comes late', async () => {
    await hear(wrote(5), wrote(0));
    expect(await rows()).toMatchObject([{ openedAt: instant(0), openedBy: 'in.0', expiresAt: instant(29) }]);
    expect(await events()).toEqual(['opened']);
  });

  it('is one for both numbers of a phone, and apart from that of others', async () => {
    await hear(wrote(0, { from: '5215512345678' }), wrote(1, { from: '525512345678' }), wrote(2));
    expect(await rows()).toMatchObject([
      { contact: '5215512345678', contactKey: '525512345678', expiresAt: instant(25) },
      { contact: CONTACT, expiresAt: instant(26) },
    ]);
  });

  it.each([
    ['system', false],
    ['edit', false],
    ['reaction', true],
    ['a_new_type', true],
  ])('by a message of type %s: %s', async (type, opens) => {
    await hear(wrote(0, { type }));
    expect(await rows()).toHaveLength(opens ? 1 : 0);
  });

  it('is opened by nothing that was written in a group', async () => {
    await hear(wrote(0, { group_id: 'g1' }));
    expect(await rows()).toEqual([]);
  });

  it('opens by a call, and moves with its beginning', async () => {
    const call = (event: string, hours: number) => ({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: A_SENDER.wabaId,
          changes: [
            {
              field: 'calls',
              value: {
                metadata: { phone_number_id: phoneNumberId },
                calls: [
                  {
                    id: 'wacid.1',
                    from: CONTACT,
                    event,
                    direction: 'USER_INITIATED',
                    timestamp: String(second(hours)),
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    await hear(call('terminate', 30), wrote(2), call('connect', 29));
    expect(await rows()).toMatchObject([
      { openedBy: 'in.2', expiresAt: instant(26) },
      { openedBy: 'wacid.1', openedAt: instant(29), expiresAt: instant(53) },
    ]);
  });

  it('is stored once when two intakes hear of one contact at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        await world.store(wrote(index, { id: `at-once.${index}` }));
        await world.newIntake().apply();
      }),
    );
    expect(await rows()).toMatchObject([{ openedAt: instant(0), expiresAt: instant(31), extendedCount: 7 }]);
  });
});

describe('a free entry point', () => {
  it('opens for 72 hours when somebody who came through an ad is answered', async () => {
    const wamid = await weSent();
    await hear(wrote(0, { referral }), sent(wamid, 2));
    expect(await rows()).toMatchObject([
      { kind: 'service' },
      { kind: 'free_entry_point', openedAt: instant(2), openedBy: wamid, expiresAt: instant(74), metaId: null },
    ]);
    expect(await events()).toEqual(['opened', 'opened']);
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([{ hasReferral: true }]);
  });

  it('is told with the window, for every instant, to the second', async () => {
    await hear(wrote(0, { referral }), sent(await weSent(), 2));
    const windows = new WindowService(world.database, anEnvironment(), Logger.create('silent'));
    const until = async (at: Date) =>
      (await windows.stateOf({ phoneNumberId, recipient: CONTACT }, at)).freeEntryPointUntil;
    expect(await until(instant(2, -1))).toBeNull();
    expect(await until(instant(2))).toEqual(instant(74));
    expect(await until(instant(74, -1))).toEqual(instant(74));
    expect(await until(instant(74))).toBeNull();
  });

  it('does not open without an ad, or by an answer of 24 hours later', async () => {
    const [early, late] = [await weSent(), await weSent('15550100102')];
    await hear(wrote(0), sent(early, 1), wrote(0, { id: 'in.b', from: '15550100102', referral }), sent(late, 24));
    expect((await rows()).map(({ kind }) => kind)).toEqual(['service', 'service']);
  });

  it('takes the row that Herald had opened when Meta names it', async () => {
    const wamid = await weSent();
    await hear(wrote(0, { referral }), sent(wamid, 2));
    const [, opened] = await rows();
    const conversation = {
      id: 'meta.1',
      origin: { type: 'referral_conversion' },
      expiration_timestamp: String(second(73)),
    };
    await hear(sent(wamid, 3, { conversation }));
    expect((await rows())[1]).toMatchObject({
      id: opened!.id,
      metaId: 'meta.1',
      openedAt: instant(3),
      expiresAt: instant(73),
      metaExpiresAt: instant(73),
    });
    expect(await events()).toEqual(['opened', 'opened']);
  });

  it('is found when the statuses came before the answer to the send', async () => {
    await hear(wrote(0, { referral }), sent('wamid.early', 1));
    expect(await rows()).toHaveLength(1);
    const { id } = await aMessage(world.database, { state: 'uncertain', recipient: CONTACT });
    const delivered = { ...aStatus({ wamid: 'wamid.early', opaque: `a1.${id}.1`, ts: second(2) }) };
    await hear(aDelivery({ statuses: [delivered] }));
    expect(await rows()).toMatchObject([{ kind: 'service' }, { kind: 'free_entry_point', openedAt: instant(1) }]);
  });
});

describe('transactions of one contact', () => {
  const news = { phoneNumberId, contact: CONTACT, at: instant(1) };
  const answered: ConversationNews[] = [{ kind: 'answered', ...news }];
  const wroteOnly: ConversationNews[] = [{ kind: 'heard', isReferral: false, ...news }];
  const referred: ConversationNews[] = [{ kind: 'heard', isReferral: true, ...news }];
  const follow = (all: ConversationNews[]) =>
    world.database.transaction(async (tx) => {
      await tx.query({ name: '', sql: `SET LOCAL lock_timeout = '100ms'` }, []);
      await followConversations(tx, all);
    });

  it.each<[string, ConversationNews[], ConversationNews[], boolean]>([
    ['two answers', answered, answered, false],
    ['an answer and a message', answered, wroteOnly, false],
    ['an answer and a referral', answered, referred, true],
    ['a referral and an answer', referred, answered, true],
    ['two messages', wroteOnly, wroteOnly, true],
  ])('take turns only where one changes what the other reads: %s', async (_name, first, second, wait) => {
    await world.database.transaction(async (tx) => {
      await followConversations(tx, first);
      const other = follow(second);
      await (wait ? expect(other).rejects.toThrow('lock timeout') : other);
    });
  });
});

describe('a conversation that Meta names', () => {
  const pricing = { billable: true, pricing_model: 'CBP', category: 'utility' };
  const conversation = { id: 'cbp.1', origin: { type: 'utility' } };

  it('is kept with category, id and end, of a message of another system as well', async () => {
    await hear(
      sent('foreign.1', 0, { pricing, conversation: { ...conversation, expiration_timestamp: String(second(24)) } }),
      delivered('foreign.1', 1, { pricing, conversation }),
      delivered('foreign.2', 3, { pricing, conversation }),
    );
    expect(await rows()).toMatchObject([
      {
        kind: 'cbp',
        category: 'utility',
        metaId: 'cbp.1',
        openedBy: 'foreign.1',
        openedAt: instant(1),
        expiresAt: instant(24),
      },
    ]);
  });

  it('opens with the delivery of the first message of it, of ours or not, in whatever order statuses come', async () => {
    const ours = await weSent();
    const ends = { ...conversation, expiration_timestamp: String(second(24)) };
    const statuses = [
      sent(ours, 0, { pricing, conversation: ends }),
      sent('foreign.1', 1, { pricing, conversation: ends }),
      delivered('foreign.1', 5, { pricing, conversation }),
      delivered(ours, 2, { pricing, conversation }),
      delivered(ours, 3, { status: 'read' }),
    ];
    await hear(...statuses.slice(0, 2));
    expect([await rows(), await events()]).toEqual([[], []]);
    await hear(statuses[2]!);
    expect(await rows()).toMatchObject([{ openedAt: instant(5), openedBy: 'foreign.1', expiresAt: instant(24) }]);
    await hear(...statuses.slice(3));
    const inOrder = await facts();
    expect(inOrder).toMatchObject([{ openedAt: instant(2), openedBy: ours, expiresAt: instant(24) }]);
    expect(await events()).toEqual(['opened']);
    await world.run('TRUNCATE conversation, status_event, orphan_status');
    await hear(...statuses.toReversed());
    expect(await facts()).toEqual(inOrder);
  });

  it('opens when a message of it was read, where no status says that it was delivered', async () => {
    const at = Date.parse('2025-06-01T12:00:00Z') / 1_000;
    const arrives = async (...statuses: object[]) => {
      await world.store(aDelivery({ statuses }), new Date((at + 60) * 1_000));
      await world.newIntake().apply();
    };
    await arrives({ ...aStatus({ wamid: 'foreign.1', status: 'sent', ts: at, pricing }), conversation });
    expect(await rows()).toEqual([]);
    await arrives(aStatus({ wamid: 'foreign.1', status: 'read', ts: at + 9 }));
    expect(await rows()).toMatchObject([{ kind: 'cbp', metaId: 'cbp.1', openedAt: new Date((at + 9) * 1_000) }]);
  });

  it('ends when a free entry point opens, and none opens until that is over, in whatever order statuses come', async () => {
    const named = (id: string, type: string) => ({
      pricing: { ...pricing, category: type },
      conversation: { id, origin: { type } },
    });
    const entry = named('entry.1', 'referral_conversion');
    const statuses = [
      delivered('foreign.1', 1, named('cbp.1', 'utility')),
      delivered('foreign.2', 2, named('cbp.2', 'marketing')),
      delivered('foreign.3', 5, entry),
      delivered('foreign.4', 6, named('cbp.3', 'marketing')),
      delivered('foreign.5', 77, named('cbp.4', 'marketing')),
      // Long after the free entry point: it still has ended the first.
      delivered('foreign.1', 200, { status: 'read', ...named('cbp.1', 'utility') }),
    ];
    const spans = async () => (await rows()).map(({ metaId, openedAt, expiresAt }) => [metaId, openedAt, expiresAt]);
    const expected = [
      ['cbp.1', instant(1), instant(5)],
      ['cbp.2', instant(2), instant(5)],
      ['entry.1', instant(5), instant(77)],
      ['cbp.3', instant(6), instant(6)],
      ['cbp.4', instant(77), instant(101)],
    ];
    for (const order of [statuses, statuses.toReversed(), [...statuses.slice(3), ...statuses.slice(0, 3)]]) {
      await world.run('TRUNCATE conversation, status_event, orphan_status, inbox, inbox_work, event');
      await hear(...order);
      expect(await spans()).toEqual(expected);
    }
    await world.run('TRUNCATE conversation, status_event, orphan_status, inbox, inbox_work, event');
    await hear(...statuses);
    expect(await events()).toEqual(['opened', 'opened', 'opened', 'opened']);
    const listed = await new ListConversationsService(world.database).list('all', { limit: 10 });
    expect(listed.data.map(({ metaId }) => metaId)).toEqual(['cbp.4', 'entry.1', 'cbp.2', 'cbp.1']);
    expect(await world.run('SELECT 1 FROM reporting.windows')).toHaveLength(4);
    const [told] = await world.run<{ told: number }>(`SELECT told FROM conversation WHERE meta_id = 'cbp.3'`);
    expect(told).toEqual({ told: 2 });
  });

  it('is none where each message has an id of its own', async () => {
    await hear(sent('foreign.1', 0, { pricing: { ...pricing, pricing_model: 'PMP', type: 'regular' }, conversation }));
    expect(await rows()).toEqual([]);
  });
});

describe('Meta’s own examples', () => {
  /** As if each had come in the second it is about. */
  const replay = async (files: string[]) => {
    await world.clear();
    for (const file of files) {
      const body = readFixture('webhooks', `${file}.json`);
      const [second = ''] = /(?<="timestamp": ?")\d+/.exec(body) ?? [];
      await world.store(body, new Date(Number(second) * 1_000));
      await world.newIntake().apply();
    }
    return facts();
  };

  it.each([
    [
      'of a free entry point',
      ['message_text_referral_ad', 'status_sent_free_entry_point', 'status_delivered_free_entry_point'],
      [
        {
          kind: 'free_entry_point',
          metaId: '9360b9aa48a0507abdfac0935e9da936',
          expiresAt: new Date('2026-10-04T12:00:00Z'),
        },
        { kind: 'service', openedAt: new Date('2026-10-01T12:00:00Z'), expiresAt: new Date('2026-10-02T12:00:00Z') },
      ],
    ],
    [
      'of conversations by category',
      [
        'status_sent_cbp_utility',
        'status_delivered_cbp_utility',
        'status_sent_cbp_second_message_same_conversation',
        'status_sent_cbp_service_free',
      ],
      [
        {
          kind: 'cbp',
          category: 'utility',
          metaId: '33caf1e6e7fd36ee2205a8945ecec810',
          openedAt: new Date('2025-01-01T12:00:03Z'),
          expiresAt: new Date('2025-01-02T12:00:00Z'),
        },
      ],
    ],
    ['of an id for each message', ['status_sent_v23_pmp_with_conversation'], []],
  ])('%s lead to the same, in order, reversed and twice', async (_name, files, expected) => {
    const inOrder = await replay(files);
    expect(inOrder).toMatchObject(expected);
    expect(inOrder).toHaveLength(expected.length);
    expect(await replay(files.toReversed())).toEqual(inOrder);
    expect(await replay([...files, ...files])).toEqual(inOrder);
  });
});

describe('the same facts in any order, and twice', () => {
  it('give the same conversations', async () => {
    const [answer, later] = [await weSent(), await weSent()];
    const all = [
      wrote(0, { referral }),
      wrote(10),
      wrote(30),
      wrote(55),
      wrote(78, { type: 'reaction' }),
      wrote(120, { referral }),
      sent(answer, 3),
      sent(later, 121),
      delivered('foreign.1', 1, {
        pricing: { billable: true, pricing_model: 'CBP', category: 'service' },
        conversation: { id: 'cbp.2', origin: { type: 'service' }, expiration_timestamp: String(second(25)) },
      }),
    ];
    const reset = () =>
      world
        .run('TRUNCATE conversation, inbound_message, status_event, orphan_status, event, inbox, inbox_work')
        .then(() => world.run('UPDATE message SET sent_at = NULL'));
    await hear(...all);
    const expected = await facts();
    expect(expected.map(({ kind, openedAt }) => [kind, (openedAt.getTime() - START * 1_000) / HOUR / 1_000])).toEqual([
      ['service', 0],
      ['cbp', 1],
      ['free_entry_point', 3],
      ['service', 55],
      ['service', 120],
      ['free_entry_point', 121],
    ]);
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 12; round += 1) {
      await reset();
      const shuffled = [...all, ...all]
        .map((body) => [random(), body] as const)
        .sort(([a], [b]) => a - b)
        .map(([, body]) => body);
      await hear(...shuffled);
      expect(await facts()).toEqual(expected);
    }
  }, 60_000);
});
