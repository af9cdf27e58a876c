import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { type ApiApp, SENDER, startApi } from './api-app.js';

const HOUR = 3_600_000;
const NOW = Date.now();
const hours = (count: number) => new Date(NOW + count * HOUR);
let api: ApiApp;
let key: string;
beforeAll(async () => {
  api = await startApi();
  ({ key } = await api.aKey({ scopes: ['inbound:read'] }));
  const { prisma } = api.app.get(Database);
  const store = (row: { openedBy: string; opened: number; lasts?: number; contact?: string; kind?: string }) =>
    prisma.conversation.create({
      data: {
        id: uuidv7(),
        phoneNumberId: SENDER,
        contact: row.contact ?? '15550100001',
        contactKey: row.contact === '5215512345678' ? '525512345678' : (row.contact ?? '15550100001'),
        kind: row.kind ?? 'service',
        openedAt: hours(row.opened),
        openedBy: row.openedBy,
        lastHeardAt: hours(row.opened),
        certainUntil: row.kind === undefined ? hours(row.opened + (row.lasts ?? 24)) : null,
        expiresAt: hours(row.opened + (row.lasts ?? 24)),
      },
    });
  await store({ openedBy: 'old', opened: -100 });
  await store({ openedBy: 'mexican', opened: -60, contact: '5215512345678' });
  await store({ openedBy: 'ad', opened: -20, lasts: 72, kind: 'free_entry_point' });
  await store({ openedBy: 'new', opened: -21 });
  await prisma.conversation.create({
    data: {
      id: uuidv7(),
      phoneNumberId: '7',
      contact: '1555',
      contactKey: '1555',
      kind: 'cbp',
      category: 'utility',
      metaId: 'm1',
      openedAt: hours(-30),
      openedBy: 'other',
      lastHeardAt: hours(-30),
      expiresAt: hours(-6),
    },
  });
}, 60_000);
afterAll(() => api.close());

const list = (query = '', as = key) => api.call('GET', `/v1/conversations${query}`, { key: as });
const opened = async (query = '', as = key) =>
  ((await list(query, as)).body['data'] as { openedBy: string }[]).map(({ openedBy }) => openedBy);

describe('GET /v1/conversations', () => {
  it.each<[string, string, string[]]>([
    ['all, those that opened last first', '', ['ad', 'new', 'other', 'mexican', 'old']],
    ['those of a sender', '?sender=7', ['other']],
    ['those of a contact, however the number is written', '?contact=%2B52%2055%201234%205678', ['mexican']],
    ['those of a kind', '?kind=free_entry_point', ['ad']],
    ['those that are open', '?state=open', ['ad', 'new']],
    ['those that are over', '?state=expired', ['other', 'mexican', 'old']],
    ['those that were open then', `?state=open&at=${hours(-37).toISOString()}`, ['mexican']],
    ['at the second of the end it is over', `?state=open&at=${hours(-76).toISOString()}`, []],
    ['a moment before it is not', `?state=open&at=${new Date(+hours(-76) - 1_000).toISOString()}`, ['old']],
    ['at the second of the opening it is open', `?state=open&at=${hours(-100).toISOString()}`, ['old']],
    ['a moment before there was none', `?at=${new Date(+hours(-100) - 1_000).toISOString()}`, []],
    ['those that were over then', `?state=expired&at=${hours(-37).toISOString()}`, ['old']],
    [
      'those that opened in a time',
      `?from=${hours(-60).toISOString()}&to=${hours(-21).toISOString()}`,
      ['other', 'mexican'],
    ],
  ])('lists %s', async (_name, query, expected) => {
    expect(await opened(query)).toEqual(expected);
  });

  it('tells each as it is', async () => {
    const { body } = await list('?state=open&kind=service');
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          sender: SENDER,
          contact: '15550100001',
          kind: 'service',
          category: null,
          state: 'open',
          openedAt: hours(-21).toISOString(),
          openedBy: 'new',
          expiresAt: hours(3).toISOString(),
          extendedCount: 0,
          lastHeardAt: hours(-21).toISOString(),
          certainUntil: hours(3).toISOString(),
          metaConversationId: null,
        },
      ],
      nextCursor: null,
    });
    const { body: cbp } = await list('?kind=cbp');
    expect(cbp['data']).toMatchObject([{ category: 'utility', metaConversationId: 'm1', lastHeardAt: null }]);
  });

  it('tells each as it stood at the instant that is asked for', async () => {
    const { prisma } = api.app.get(Database);
    const contact = '15550100077';
    for (const [wamid, at] of [
      ['wamid.a', -50],
      ['wamid.b', -40],
    ] as const)
      await prisma.inboundMessage.create({
        data: {
          ...{ wamid, phoneNumberId: '7', wabaId: '9', contact, type: 'text', content: {}, inboxId: uuidv7() },
          ts: hours(at),
          receivedAt: hours(at),
        },
      });
    const { id } = await prisma.conversation.create({
      data: {
        ...{ id: uuidv7(), phoneNumberId: '7', contact, contactKey: contact, kind: 'service', openedBy: 'wamid.a' },
        ...{ openedAt: hours(-50), lastHeardAt: hours(-40), certainUntil: hours(-16), expiresAt: hours(-16) },
        extendedCount: 1,
      },
    });
    const told = async (at: number) =>
      (await list(`?sender=7&kind=service&at=${hours(at).toISOString()}`)).body['data'];
    const standing = (at: number, extendedCount: number, state: string) => [
      expect.objectContaining({
        ...{ id, state, extendedCount, openedAt: hours(-50).toISOString(), lastHeardAt: hours(at).toISOString() },
        ...{ expiresAt: hours(at + 24).toISOString(), certainUntil: hours(at + 24).toISOString() },
      }),
    ];
    expect(await told(-45)).toEqual(standing(-50, 0, 'open'));
    expect(await told(-40)).toEqual(standing(-40, 1, 'open'));
    expect(await told(-16)).toEqual(standing(-40, 1, 'expired'));
    await prisma.conversation.delete({ where: { id } });
  });

  it('goes on where the page before ended', async () => {
    const found: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
      const { body } = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      found.push(...(body['data'] as { openedBy: string }[]).map(({ openedBy }) => openedBy));
      cursor = body['nextCursor'] as string | null;
    }
    expect(found).toEqual(['ad', 'new', 'other', 'mexican', 'old']);
  });

  it('shows those of the senders of the key alone', async () => {
    const { key: narrow } = await api.aKey({ scopes: ['inbound:read'], senders: ['7'] });
    expect(await opened('', narrow)).toEqual(['other']);
    expect(await opened(`?sender=${SENDER}`, narrow)).toEqual([]);
    const { key: other } = await api.aKey({ scopes: ['messages:read'] });
    expect(await list('', other)).toMatchObject({ status: 403 });
  });

  it.each([
    ['?at=yesterday', 'at must be an instant like 2026-11-22T12:00:00Z'],
    [`?at=${new Date(Date.now() + 120_000).toISOString()}`, 'at must be an instant of the past, or now'],
    ['?state=closed', 'state must be one of the following values: open, expired'],
    ['?kind=x', 'kind must be one of the following values: service, free_entry_point, cbp'],
    ['?limit=101', 'limit must be a whole number from 1 to 100'],
    ['?contact=12', 'contact'],
    ['?cursor=x', 'cursor must be the nextCursor of an earlier page'],
  ])('refuses %s', async (query, problem) => {
    const { status, body } = await list(query);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(problem)]);
  });
});
