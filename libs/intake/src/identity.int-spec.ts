import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { chooseMarketing, factsOfIdentity, learnContacts, suppressedContacts } from '#contacts';
import { type ConversationNews, followConversations, TellEndsService, WindowService } from '#conversations';
import { AttachOrphansService } from '#delivery';
import { readFixture } from '#graph-api';
import { Logger } from '#observability';
import type { Tx } from '#persistence';
import { A_SENDER, aClient, aMessage, anEnvironment, aSender } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const { phoneNumberId } = A_SENDER;
const SAME_PORTFOLIO = { phoneNumberId: '800000000000002', wabaId: A_SENDER.wabaId };
const ELSEWHERE = { phoneNumberId: '800000000000003', wabaId: '900000000000003' };
const HOUR = 3_600;
const START = Math.floor(Date.now() / 1_000) - 5 * 24 * HOUR;
const [A, B] = ['15550100101', '15550100102'];
const [U1, U2, U3] = ['US.1', 'US.2', 'US.3'];
const NAME = { waId: null, userId: null, parentUserId: null, username: null };
let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
  await aSender(world.database, SAME_PORTFOLIO);
  await aSender(world.database, ELSEWHERE);
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
beforeEach(async () => {
  await world.clear();
  await world.run(
    'UPDATE sender SET listening_since = $1, last_heard_at = now()',
    new Date((START - 90 * HOUR) * 1_000),
  );
});

const second = (hours: number, seconds = 0) => START + hours * HOUR + seconds;
const instant = (hours: number, seconds = 0) => new Date(second(hours, seconds) * 1_000);
interface Ids {
  from?: string;
  from_user_id?: string;
}
/** A message of somebody who is named so. */
const wrote = (hours: number, ids: Ids, more: object = {}, sender = A_SENDER) =>
  aDelivery(
    {
      messages: [
        {
          ...anInbound(`in.${hours}.${JSON.stringify(ids)}`),
          from: undefined,
          timestamp: String(second(hours)),
          ...ids,
          ...more,
        },
      ],
    },
    sender,
  );
const changes = (hours: number, from: string | undefined, system: object) =>
  wrote(hours, { from }, { id: `sys.${hours}`, type: 'system', text: undefined, system });
const movesTo = (hours: number, from: string, to: string, ids: object = {}) =>
  changes(hours, from, { type: 'user_changed_number', wa_id: to, ...ids });
const becomes = (hours: number, before: string, after: string) =>
  changes(hours, undefined, { type: 'user_changed_user_id', user_id: after, previous_user_id: before });
const hear = async (...bodies: object[]) => {
  for (const body of bodies) {
    await world.store(body);
    await world.newIntake().apply();
  }
};
const hearTogether = async (...bodies: object[]) => {
  for (const body of bodies) await world.store(body);
  await world.newIntake().apply();
};
const windowOf = (recipient: string, at: Date | null = null, sender = phoneNumberId) =>
  new WindowService(world.database, anEnvironment(), Logger.create('silent')).stateOf(
    { phoneNumberId: sender, recipient },
    at,
  );
const conversations = () =>
  world.database.prisma.conversation.findMany({ orderBy: [{ openedAt: 'asc' }, { contactKey: 'asc' }] });
const events = async () =>
  (await world.run<{ type: string }>(`SELECT type FROM event WHERE type LIKE 'conversation.%' ORDER BY id`)).map(
    ({ type }) => type.replace('conversation.', ''),
  );
/** What follows from the notifications, and not from the order in which they came. */
const state = async () => {
  const contacts = new Map<string, string>();
  const aliases = await world.database.prisma.contactAlias.findMany({
    orderBy: [{ kind: 'asc' }, { value: 'asc' }, { heldFrom: 'asc' }],
  });
  for (const { contactId } of aliases)
    if (!contacts.has(contactId)) contacts.set(contactId, `contact ${contacts.size}`);
  return {
    aliases: aliases.map(({ contactId, inboxId: _inboxId, ...row }) => ({ ...row, contact: contacts.get(contactId) })),
    conversations: (await conversations()).map(({ id: _id, told: _told, contactKey, ...row }) => ({
      ...row,
      contactKey: contacts.get(contactKey) ?? contactKey,
    })),
    choices: (
      await world.database.prisma.marketingSuppression.findMany({ orderBy: [{ wabaId: 'asc' }, { recipient: 'asc' }] })
    ).map(({ createdAt: _createdAt, ...row }) => row),
  };
};
const people = async () => {
  const rows = (await state()).aliases.filter(({ firstSeenAt }) => firstSeenAt !== null);
  return [...Map.groupBy(rows, ({ contact }) => contact).values()].map((all) => all.map(({ value }) => value));
};
const isStopped = async (recipient: string, sender = phoneNumberId) =>
  (await suppressedContacts(world.database, [{ phoneNumberId: sender, recipient }]))({
    phoneNumberId: sender,
    recipient,
  });

describe('what Meta’s examples tell of who is who', () => {
  it('is the same in any order, together, and twice', async () => {
    const files = [
      'message_legacy_pre_bsuid.json',
      'message_text_referral_ad.json',
      'message_parent_bsuid.json',
      'message_bsuid_username_no_phone.json',
      'message_system_number_changed.json',
      'message_system_user_id_changed.json',
      'status_delivered_bsuid_username.json',
      'status_sent_bsuid_no_phone.json',
      'status_sent_v25_utility_regular.json',
      'calls_connect.json',
      'user_preferences_stop.json',
    ].map((file) => JSON.parse(readFixture('webhooks', file)) as object);
    const receivedAt = new Date(1_790_856_100_000);
    const states = [];
    for (const order of [files, files.toReversed(), [...files, ...files]]) {
      await world.clear();
      for (const file of order) {
        await world.store(file, receivedAt);
        await world.newIntake().apply();
      }
      states.push(await state());
    }
    await world.clear();
    for (const file of files) await world.store(file, receivedAt);
    await world.newIntake().apply();
    states.push(await state());
    for (const each of states.slice(1)) expect(each).toEqual(states[0]);
    expect(await people()).toEqual([
      [
        'US.ENT.90000000000000000009',
        'US.90000000000000000001',
        'US.90000000000000000003',
        '15550100001',
        '15550100003',
      ],
      ['US.90000000000000000002', 'test.customer_b'],
    ]);
  });
});

describe('a contact', () => {
  it('is one for all senders of a portfolio, and another for another portfolio', async () => {
    await hear(
      wrote(0, { from: A, from_user_id: U1 }),
      wrote(1, { from: A, from_user_id: U1 }, {}, SAME_PORTFOLIO),
      wrote(2, { from: A, from_user_id: U2 }, {}, ELSEWHERE),
    );
    expect(await world.database.prisma.contact.count()).toBe(2);
    expect(await people()).toHaveLength(2);
  });

  it('keeps its id, whatever becomes known of it, and answers for those that it turned out to be', async () => {
    await hear(wrote(0, { from: A }));
    const [first] = await world.database.prisma.contact.findMany();
    await hear(wrote(1, { from_user_id: U1 }), wrote(2, { from: A, from_user_id: U1 }));
    const contacts = await world.database.prisma.contact.findMany({ orderBy: { id: 'asc' } });
    expect(contacts).toMatchObject([{ id: first!.id, mergedInto: null }, { mergedInto: first!.id }]);
    expect(await people()).toEqual([[U1, A]]);
  });

  it('is seen last when it last wrote, to the hour; statuses of messages to it do not show it', async () => {
    const lastSeen = async () =>
      (await world.database.prisma.contactAlias.findMany({ where: { kind: 'wa_id' } })).map((row) => row.lastSeenAt);
    await hear(wrote(0, { from: A, from_user_id: U1 }), wrote(30, { from: A, from_user_id: U1 }));
    const hour = new Date(Math.floor(second(30) / HOUR) * HOUR * 1_000);
    expect(await lastSeen()).toEqual([hour]);
    const status = { ...aStatus({ wamid: 'w', ts: second(60) }), recipient_id: A, recipient_user_id: U1 };
    await hear(aDelivery({ statuses: [status] }));
    expect(await lastSeen()).toEqual([hour]);
  });

  it('is not seen when somebody else shows a username that was its own', async () => {
    const named = (hours: number, user: string) =>
      aDelivery({
        contacts: [{ profile: { name: 'x', username: 'bob' }, user_id: user }],
        messages: [
          {
            ...anInbound(`in.${hours}`),
            ...{ from: undefined, from_user_id: user, timestamp: String(second(hours)) },
          },
        ],
      });
    await hear(named(0, U1), named(10, U2), named(30, U2));
    const rows = await world.database.prisma.contactAlias.findMany({ where: { value: { in: [U1, 'bob'] } } });
    const lastSeen = rows.filter(({ contactId }) => contactId === rows.find(({ value }) => value === U1)?.contactId);
    expect(lastSeen.map(({ lastSeenAt }) => lastSeenAt?.getTime())).toEqual(lastSeen.map(() => second(0) * 1_000));
    expect(lastSeen).toHaveLength(2);
  });

  it('is seen last when it had the number, in whatever portions and order that is told', async () => {
    const bodies = [
      wrote(0, { from: A }),
      wrote(1, { from: A, from_user_id: U1 }),
      wrote(30, { from: A, from_user_id: U2 }),
      wrote(60, { from: A }),
      wrote(90, { from: A, from_user_id: U1 }),
    ];
    const hour = (hours: number) => new Date(Math.floor(second(hours) / HOUR) * HOUR * 1_000);
    const orders = [bodies, bodies.toReversed(), [...bodies.slice(3), ...bodies.slice(0, 3)]];
    for (const order of orders)
      for (const tell of [hear, hearTogether]) {
        await world.clear();
        await tell(...order);
        const numbers = (await state()).aliases.filter(({ value }) => value === A);
        expect(numbers.map(({ heldUntil, lastSeenAt }) => [heldUntil, lastSeenAt])).toEqual([
          [instant(30), hour(90)],
          [null, hour(60)],
        ]);
      }
  });

  it('is not written again by what tells nothing new', async () => {
    await hear(wrote(0, { from: A, from_user_id: U1 }));
    const before = await world.run('SELECT xmin::text, * FROM contact_alias ORDER BY value');
    await hear(wrote(0, { from: A, from_user_id: U1 }, { id: 'another' }));
    expect(await world.run('SELECT xmin::text, * FROM contact_alias ORDER BY value')).toEqual(before);
  });
});

describe('a window', () => {
  const NOW = 5 * 24;
  it.each<[string, object[], string[]]>([
    [
      'a message by user id',
      [wrote(NOW - 2, { from: A, from_user_id: U1 }), wrote(NOW - 1, { from_user_id: U1 })],
      [A, U1],
    ],
    [
      'a message whose number and user id a status names together',
      [
        wrote(NOW - 1, { from_user_id: U1 }),
        aDelivery({
          statuses: [{ ...aStatus({ wamid: 'w', ts: second(NOW - 30) }), recipient_id: A, recipient_user_id: U1 }],
        }),
      ],
      [A, U1],
    ],
    ['a message before the number changed', [wrote(NOW - 2, { from: A }), movesTo(NOW - 1, A, B)], [A, B]],
    ['a message after the number changed', [movesTo(NOW - 2, A, B), wrote(NOW - 1, { from: B })], [A, B]],
    [
      'a message before the user id changed',
      [wrote(NOW - 2, { from_user_id: U1 }), becomes(NOW - 1, U1, U2)],
      [U1, U2],
    ],
    [
      'a call',
      [
        wrote(NOW - 100, { from: A, from_user_id: U1 }),
        {
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
                        id: 'c1',
                        from_user_id: U1,
                        direction: 'USER_INITIATED',
                        event: 'connect',
                        timestamp: String(second(NOW - 1)),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
      [A, U1],
    ],
    [
      'a message under the other form of a number that has one',
      [wrote(NOW - 1, { from: '5511987654321', from_user_id: 'BR.1' })],
      ['551187654321', '5511987654321', 'BR.1'],
    ],
  ])('is open for every identifier by %s, in any order', async (_name, bodies, identifiers) => {
    for (const order of [bodies, bodies.toReversed()]) {
      await world.clear();
      await hear(...order);
      for (const identifier of identifiers)
        expect([identifier, (await windowOf(identifier)).sendable]).toEqual([identifier, 'open']);
      expect((await windowOf('15550100999')).name).toBe('closed');
      const open = (await conversations()).filter(({ expiresAt }) => expiresAt > new Date());
      expect(open).toHaveLength(1);
      expect((await events()).filter((event) => event === 'opened').length).toBe((await conversations()).length);
    }
  });

  it.each<[string, object, string, string]>([
    ['a number', movesTo(10, A, B), A, B],
    ['a number with its user id', movesTo(10, A, B, { previous_user_id: U1, user_id: U2 }), A, B],
    ['a user id', becomes(10, U1, U2), U1, U2],
  ])(
    'ends 24 hours after the last message, to the second, when %s changes in it',
    async (_name, change, old, young) => {
      const ids = (value: string): Ids => (value.startsWith('US.') ? { from_user_id: value } : { from: value });
      const bodies = [wrote(0, ids(old)), change, wrote(23, ids(young))];
      for (const order of [bodies, bodies.toReversed(), [bodies[2]!, bodies[0]!, bodies[1]!], [...bodies, ...bodies]]) {
        await world.clear();
        await hear(...order);
        expect(await conversations()).toMatchObject([
          { kind: 'service', openedAt: instant(0), lastHeardAt: instant(23), expiresAt: instant(47), extendedCount: 1 },
        ]);
        for (const identifier of [old, young]) {
          expect(await windowOf(identifier, instant(47, -1))).toMatchObject({ name: 'open', expiresAt: instant(47) });
          expect(await windowOf(identifier, instant(47))).toMatchObject({ name: 'closed' });
        }
      }
    },
  );

  it.each<[string, number, number]>([
    ['a second before its end goes on', -1, 1],
    ['at its end is the next', 0, 2],
    ['a second after its end is the next', 1, 2],
  ])('that the other identifier opens %s', async (_name, seconds, windows) => {
    const bodies = [
      wrote(0, { from: A }),
      wrote(24, { from_user_id: U1 }, { timestamp: String(second(24, seconds)) }),
      wrote(1, { from: A, from_user_id: U1 }, { type: 'system', system: {} }),
    ];
    for (const order of [bodies, bodies.toReversed(), [bodies[1]!, bodies[0]!, bodies[2]!]]) {
      await world.clear();
      await hear(...order);
      expect(await conversations()).toHaveLength(windows);
    }
    await world.clear();
    await hearTogether(...bodies);
    expect(await conversations()).toHaveLength(windows);
    expect(await events()).toEqual(windows === 1 ? ['opened'] : ['opened', 'opened']);
  });

  it('that two identifiers had each is one once they are known to be one person’s, and is not opened again', async () => {
    await hear(wrote(0, { from: A }), wrote(5, { from_user_id: U1 }), wrote(60, { from_user_id: U1 }));
    expect(await conversations()).toHaveLength(3);
    const before = await events();
    await hear(wrote(60, { from: A, from_user_id: U1 }, { id: 'sys', type: 'system', system: {} }));
    expect(await conversations()).toMatchObject([
      { openedAt: instant(0), openedBy: expect.stringContaining('in.0'), expiresAt: instant(29), extendedCount: 1 },
      { openedAt: instant(60), expiresAt: instant(84) },
    ]);
    expect((await events()).slice(before.length)).toEqual(['extended']);
  });

  it('is not opened by somebody else who has the number now, nor for them by who had it', async () => {
    await hear(
      wrote(0, { from: A, from_user_id: U1 }),
      movesTo(1, A, B, { previous_user_id: U1, user_id: U2 }),
      wrote(2, { from: B, from_user_id: U2 }),
      wrote(50, { from: A, from_user_id: U3 }),
    );
    const at = instant(60);
    expect(await windowOf(A, at)).toMatchObject({ name: 'open', heardAt: instant(50) });
    expect(await windowOf(U3, at)).toMatchObject({ name: 'open' });
    for (const identifier of [B, U1, U2]) expect(await windowOf(identifier, at)).toMatchObject({ name: 'closed' });
    expect(await people()).toEqual([
      [U1, U2, A, B],
      [U3, A],
    ]);
  });

  it('falls apart, with its windows, when it is told late that the number had gone to somebody else', async () => {
    const bodies = [
      wrote(0, { from: A, from_user_id: U1 }),
      wrote(50, { from: A }),
      wrote(49, { from: A, from_user_id: U3 }),
      movesTo(5, A, B, { previous_user_id: U1, user_id: U2 }),
    ];
    const states = [];
    for (const order of [bodies, bodies.toReversed(), [...bodies.slice(2), ...bodies.slice(0, 2)]]) {
      await world.clear();
      await hear(...order);
      states.push(await state());
    }
    expect(states[0]!.conversations).toMatchObject([
      { contact: A, openedAt: instant(0), expiresAt: instant(24) },
      { contact: A, openedAt: instant(49), expiresAt: instant(74) },
    ]);
    expect(new Set(states[0]!.conversations.map(({ contactKey }) => contactKey)).size).toBe(2);
    for (const each of states.slice(1)) expect(each).toEqual(states[0]);
  });

  const named = (hours: number, status = 'sent') => {
    const pricing = { pricing_model: 'PMP', type: 'free_entry_point', category: 'referral_conversion' };
    return aDelivery({
      statuses: [
        {
          ...aStatus({ wamid: 'w.named', status, ts: second(hours), pricing }),
          ...{ recipient_id: A, conversation: { id: 'fep', origin: { type: 'referral_conversion' } } },
        },
      ],
    });
  };
  it.each<[string, object[], string[]]>([
    [
      'a free entry point that Meta names',
      [wrote(0, { from: A, from_user_id: U1 }), named(50), wrote(49, { from: A, from_user_id: U3 })],
      ['service of 1 at 0', 'service of 3 at 49', 'free_entry_point of 3 at 50'],
    ],
    [
      'a window of before it was first named with its next holder',
      [
        wrote(0, { from: A, from_user_id: U1 }),
        wrote(20, { from: A }),
        wrote(49, { from: A, from_user_id: U3 }),
        movesTo(5, A, B, { previous_user_id: U1, user_id: U2 }),
      ],
      ['service of 1 at 0', 'service of 3 at 20', 'service of 3 at 49'],
    ],
  ])('of a number goes to whoever had it then, when that is told late: %s', async (_name, bodies, expected) => {
    for (const order of [bodies, bodies.toReversed(), [...bodies.slice(2), ...bodies.slice(0, 2)]])
      for (const tell of [hear, hearTogether]) {
        await world.clear();
        await tell(...order);
        const holders = await world.run<{ key: string; user: string }>(
          `SELECT c.key, right(min(a.value), 1) AS user FROM contact c JOIN contact_alias a ON a.contact_id = c.id AND a.kind = 'user_id' GROUP BY 1`,
        );
        const userOf = new Map(holders.map(({ key, user }) => [key, user]));
        const found = (await conversations()).map(
          ({ kind, contactKey, openedAt }) =>
            `${kind} of ${userOf.get(contactKey)} at ${(openedAt.getTime() / 1_000 - START) / HOUR}`,
        );
        expect(found).toEqual(expected);
      }
  });

  it('that Meta refused for one identifier is closed for the others, until the contact writes', async () => {
    const { id, attempts } = await aMessage(world.database, { state: 'accepted', recipient: A });
    await hear(wrote(NOW - 30, { from: A, from_user_id: U1 }));
    const failed = {
      ...aStatus({
        wamid: `wamid.${id}`,
        status: 'failed',
        opaque: `a1.${id}.1`,
        errors: [{ code: 131047, title: 'x' }],
      }),
      recipient_id: A,
    };
    await hear(aDelivery({ statuses: [failed] }));
    expect(await windowOf(U1)).toMatchObject({ name: 'closed', closedByMetaAt: attempts[0]!.startedAt });
  });

  it('of a message whose status came before its answer is learnt when the two meet', async () => {
    const [written, named] = ['5500955500101', '550055500101'];
    await hear(
      aDelivery({ statuses: [{ ...aStatus({ wamid: 'wamid.early', status: 'delivered' }), recipient_id: named }] }),
    );
    await hear(wrote(119, { from: named }));
    expect((await windowOf(written)).name).toBe('closed');
    await aMessage(world.database, {
      ...{ state: 'accepted', recipient: written },
      attempts: [{ state: 'accepted', wamid: 'wamid.early' }],
    });
    expect(await new AttachOrphansService(world.database).attach(null)).toBe(1);
    expect(await windowOf(written)).toMatchObject({ sendable: 'open' });
  });

  it('of the number that Meta names otherwise than it was written to is one, and the number stays as written', async () => {
    const [written, named] = ['5500955500101', '550055500101'];
    const { id } = await aMessage(world.database, { state: 'accepted', recipient: written });
    await hear(wrote(NOW - 1, { from: named }));
    expect((await windowOf(written)).name).toBe('closed');
    const status = { ...aStatus({ wamid: `wamid.${id}`, opaque: `a1.${id}.1` }), recipient_id: named };
    await hear(aDelivery({ statuses: [status] }));
    expect(await windowOf(written)).toMatchObject({ sendable: 'open' });
    expect((await world.message(id)).recipient).toBe(written);
    expect((await state()).aliases).toMatchObject([
      { kind: 'phone', value: written },
      { kind: 'wa_id', value: named },
    ]);
  });
});

describe('windows of two that turn out to be one', () => {
  it('are not told of again when their ends were', async () => {
    const teller = new TellEndsService(world.database, anEnvironment(), Logger.create('silent'));
    await hear(wrote(0, { from: A }), wrote(6, { from_user_id: U1 }));
    await teller.tell();
    const told = ['opened', 'opened', 'expired', 'expired'];
    expect(await events()).toEqual(told);
    const both = { recipient_id: A, recipient_user_id: U1 };
    await hear(aDelivery({ statuses: [{ ...aStatus({ wamid: 'w', ts: second(90) }), ...both }] }));
    expect(await conversations()).toMatchObject([{ openedAt: instant(0), expiresAt: instant(30) }]);
    expect(await teller.tell()).toBe(0);
    expect(await events()).toEqual(told);
  });
});

describe('a free entry point', () => {
  it('that Meta names under two numbers is one when they turn out to be one contact’s, in any order', async () => {
    const named = (wamid: string, status: string, hours: number, to: string) => {
      const pricing = { pricing_model: 'PMP', type: 'free_entry_point', category: 'referral_conversion' };
      const conversation = { id: 'fep', origin: { type: 'referral_conversion' } };
      return aDelivery({
        statuses: [{ ...aStatus({ wamid, status, ts: second(hours), pricing }), recipient_id: to, conversation }],
      });
    };
    const bodies = [
      wrote(-1, { from: A, from_user_id: U1 }),
      named('w.1', 'sent', 0, A),
      named('w.2', 'delivered', 80, B),
      wrote(100, { from: B, from_user_id: U1 }),
    ];
    for (const order of [bodies, bodies.toReversed(), [bodies[2]!, bodies[0]!, bodies[1]!, bodies[3]!]]) {
      await world.clear();
      await hear(...order);
      expect(await world.run('SELECT FROM inbox_work')).toEqual([]);
      expect((await conversations()).map(({ kind, contact, openedAt }) => [kind, contact, openedAt])).toEqual([
        ['service', A, instant(-1)],
        ['free_entry_point', A, instant(0)],
        ['service', B, instant(100)],
      ]);
    }
  });

  it('is opened by the answer to the number of whoever came through an ad by user id', async () => {
    const { attempts } = await aMessage(world.database, { state: 'accepted', recipient: A });
    const bodies = [
      wrote(0, { from_user_id: U1 }, { referral: { source_type: 'ad' } }),
      aDelivery({
        statuses: [
          {
            ...aStatus({ wamid: attempts[0]!.wamid!, status: 'sent', ts: second(2) }),
            recipient_id: A,
            recipient_user_id: U1,
          },
        ],
      }),
    ];
    await hear(...bodies);
    expect((await conversations()).filter(({ kind }) => kind === 'free_entry_point')).toMatchObject([
      { openedAt: instant(2), expiresAt: instant(74) },
    ]);
    for (const identifier of [A, U1])
      expect(await windowOf(identifier, instant(70))).toMatchObject({ freeEntryPointUntil: instant(74) });
  });
});

describe('what a contact chose of marketing', () => {
  const says = (hours: number, body: string, ids: Ids) => wrote(hours, ids, { text: { body } });
  it.each<[string, object[], Record<string, boolean>]>([
    [
      'before the user id is known',
      [says(0, 'stop', { from: A }), wrote(1, { from: A, from_user_id: U1 })],
      { [A]: true, [U1]: true },
    ],
    ['before the number changed', [says(0, 'stop', { from: A }), movesTo(1, A, B)], { [A]: true, [B]: true }],
    ['under the later number', [says(2, 'stop', { from: B }), movesTo(1, A, B)], { [A]: true, [B]: true }],
    [
      'under one, and otherwise under the other later',
      [says(0, 'stop', { from: A }), says(2, 'start', { from_user_id: U1 }), wrote(1, { from: A, from_user_id: U1 })],
      { [A]: false, [U1]: false },
    ],
    [
      'under one, and otherwise under the other before',
      [says(2, 'stop', { from: A }), says(0, 'start', { from_user_id: U1 }), wrote(1, { from: A, from_user_id: U1 })],
      { [A]: true, [U1]: true },
    ],
  ])('counts under every identifier: %s, in any order', async (_name, bodies, expected) => {
    for (const order of [bodies, bodies.toReversed(), [...bodies.slice(1), bodies[0]!]]) {
      await world.clear();
      await hear(...order);
      for (const [identifier, stopped] of Object.entries(expected))
        expect([identifier, await isStopped(identifier)]).toEqual([identifier, stopped]);
    }
    await world.clear();
    await hearTogether(...bodies);
    for (const [identifier, stopped] of Object.entries(expected)) expect(await isStopped(identifier)).toBe(stopped);
  });

  it('does not count for whoever has the number after it, nor the other way round', async () => {
    await hear(
      wrote(0, { from: A, from_user_id: U1 }),
      movesTo(1, A, B, { previous_user_id: U1, user_id: U2 }),
      wrote(50, { from: A, from_user_id: U3 }),
      says(51, 'stop', { from: A, from_user_id: U3 }),
    );
    expect([await isStopped(A), await isStopped(U3)]).toEqual([true, true]);
    expect([await isStopped(B), await isStopped(U1), await isStopped(U2)]).toEqual([false, false, false]);
    await hear(says(52, 'stop', { from: B, from_user_id: U2 }), says(53, 'start', { from: A, from_user_id: U3 }));
    expect([await isStopped(A), await isStopped(B), await isStopped(U1)]).toEqual([false, true, true]);
  });

  it('stays with whoever made it when the number goes to somebody else, in any order', async () => {
    const bodies = [
      wrote(0, { from_user_id: U1, from: A }),
      says(1, 'stop', { from: A, from_user_id: U1 }),
      says(2, 'stop', { from_user_id: U3 }),
      wrote(50, { from: A, from_user_id: U2 }),
    ];
    for (const order of [bodies, bodies.toReversed(), [bodies[3]!, ...bodies.slice(0, 3)]]) {
      await world.clear();
      await hear(...order);
      expect([await isStopped(A), await isStopped(U2), await isStopped(U1)]).toEqual([false, false, true]);
    }
    // And one who has stopped gets none under a number whose holder before wanted it.
    await world.clear();
    await hear(
      says(0, 'stop', { from_user_id: U3 }),
      says(10, 'start', { from: A, from_user_id: U1 }),
      wrote(50, { from: A, from_user_id: U3 }),
    );
    expect([await isStopped(A), await isStopped(U3), await isStopped(U1)]).toEqual([true, true, false]);
  });

  it('stays with whoever made it under the number alone, whatever its next holder chooses, in any order', async () => {
    const bodies = [
      says(0, 'stop', { from: A }),
      movesTo(1, A, B),
      wrote(50, { from: A, from_user_id: U3 }),
      says(51, 'stop', { from: A }),
      says(52, 'start', { from: A, from_user_id: U3 }),
    ];
    for (const order of [bodies, bodies.toReversed(), [...bodies.slice(3), ...bodies.slice(0, 3)]])
      for (const tell of [hear, hearTogether]) {
        await world.clear();
        await tell(...order);
        expect([await isStopped(B), await isStopped(A), await isStopped(U3)]).toEqual([true, false, false]);
      }
  });

  it('is stopped by Meta’s refusal under the number for the user id', async () => {
    const { id } = await aMessage(world.database, { state: 'accepted', category: 'marketing', recipient: A });
    const errors = [{ code: 131050, title: 'x' }];
    const failed = {
      ...aStatus({ wamid: `wamid.${id}`, status: 'failed', opaque: `a1.${id}.1`, errors }),
      recipient_id: A,
    };
    await hear(wrote(0, { from: A, from_user_id: U1 }), aDelivery({ statuses: [failed] }));
    expect(await isStopped(U1)).toBe(true);
  });
});

describe('workers that hear of one person at the same time', () => {
  /** Does both at once: the first transaction stays open until the second has had its time. */
  async function atOnce(first: (tx: Tx) => Promise<unknown>, second: (tx: Tx) => Promise<unknown>) {
    let begin: (value: unknown) => void = () => undefined;
    const begun = new Promise((resolve) => (begin = resolve));
    await Promise.all([
      world.database.transaction(async (tx) => {
        await first(tx);
        begin(null);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }),
      begun.then(() => world.database.transaction(second)),
    ]);
  }
  const told = (hours: number, person: object, before: object | null = null) =>
    factsOfIdentity(
      { person: { ...NAME, ...person }, before: before === null ? null : { ...NAME, ...before } },
      { at: instant(hours), inboxId: null, isHeard: true },
    ).map((fact) => ({ ...fact, phoneNumberId }));

  it('do not overlook what the other learns', async () => {
    await hear(wrote(0, { from: A }));
    await atOnce(
      (tx) => learnContacts(tx, told(1, { waId: A, userId: U1 })),
      (tx) => learnContacts(tx, told(2, { waId: B }, { waId: A })),
    );
    expect(await people()).toEqual([[U1, A, B]]);
  });

  it('keep the earliest telling of what is new to both', async () => {
    await atOnce(
      (tx) => learnContacts(tx, told(0, { waId: A })),
      (tx) => learnContacts(tx, told(2, { waId: A })),
    );
    const [alias] = await world.database.prisma.contactAlias.findMany({ where: { kind: 'wa_id' } });
    expect(alias?.firstSeenAt).toEqual(instant(0));
  });

  it('do not lose a choice that one makes while the other joins its contact to another', async () => {
    await hear(wrote(0, { from: A }), wrote(1, { from_user_id: U1 }));
    await atOnce(
      (tx) => learnContacts(tx, told(2, { waId: A, userId: U1 })),
      (tx) =>
        chooseMarketing(tx, [
          { phoneNumberId, contacts: [A], wantsMarketing: false, reason: 'keyword', chosenAt: instant(3) },
        ]),
    );
    expect(await isStopped(U1)).toBe(true);
  });

  it('do not open a second window while the other joins two contacts', async () => {
    await hear(wrote(0, { from: A }), wrote(60, { from_user_id: U1 }));
    await world.run(
      `INSERT INTO inbound_message (wamid, phone_number_id, waba_id, contact, type, ts, content, inbox_id, received_at)
       SELECT 'in.late', phone_number_id, waba_id, contact, type, $1, content, inbox_id, received_at FROM inbound_message WHERE contact = $2`,
      instant(5),
      U1,
    );
    const news: ConversationNews = { kind: 'heard', phoneNumberId, contact: U1, at: instant(5), isReferral: false };
    await atOnce(
      async (tx) => followConversations(tx, [], await learnContacts(tx, told(70, { waId: A, userId: U1 }))),
      (tx) => followConversations(tx, [news]),
    );
    expect(await conversations()).toMatchObject([
      { openedAt: instant(0), expiresAt: instant(29) },
      { openedAt: instant(60), expiresAt: instant(84) },
    ]);
  });

  it('learn the same as one that hears all in order', async () => {
    const numbers = [A, B, '15550100103', '15550100104'];
    const bodies = Array.from({ length: 240 }, (_, n) => {
      const [from = A, to = B] = [numbers[n % 4], numbers[(n + 1 + (n % 3)) % 4]];
      const id = `in.${n}`;
      if (n % 12 === 5) return changes(n / 10, from, { type: 'user_changed_number', wa_id: to });
      if (n % 12 === 9) return becomes(n / 10, `US.${n % 7}`, `US.${(n + 1) % 7}`);
      const ids = [{ from }, { from_user_id: `US.${n % 7}` }, { from, from_user_id: `US.${n % 7}` }][n % 3] ?? {};
      return wrote(n / 10, ids, { id, text: { body: n % 17 === 0 ? 'stop' : 'hello' } });
    });
    await hearTogether(...bodies);
    const expected = await state();
    for (let round = 0; round < 3; round += 1) {
      await world.clear();
      for (let first = 0; first < bodies.length; first += 4)
        await Promise.all(
          bodies.slice(first, first + 4).map(async (body) => {
            await world.store(body);
            await world.newIntake().apply();
          }),
        );
      await world.newIntake().apply();
      expect(await world.database.prisma.inboxDeadItem.findMany()).toEqual([]);
      expect(await state()).toEqual(expected);
    }
  });
});
