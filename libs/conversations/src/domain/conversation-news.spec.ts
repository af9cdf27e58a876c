import { describe, expect, it } from '@jest/globals';
import type { StatusItem } from '#graph-api';
import { newsOfStatus } from './conversation-news.js';

const receivedAt = new Date('2026-11-22T12:00:00Z');
const second = receivedAt.getTime() / 1_000 - 10;
const named = { id: 'm', origin: 'referral_conversion', expiresAtSeconds: second + 100 };
const aStatus = (overrides: Partial<StatusItem> = {}): StatusItem => ({
  kind: 'status',
  idx: 0,
  wabaId: '1',
  phoneNumberId: '2',
  wamid: 'w',
  status: 'sent',
  rank: 2,
  timestamp: second,
  recipient: '15550100001',
  participant: null,
  opaque: null,
  errorCode: null,
  errors: null,
  pricing: null,
  conversation: null,
  identity: { person: { waId: null, userId: null, parentUserId: null, username: null }, before: null },
  raw: {},
  ...overrides,
});
const pricing = (model: string) => ({ category: 'utility', type: null, model });
const kinds = (overrides: Partial<StatusItem>) =>
  newsOfStatus(aStatus(overrides), second, receivedAt).map(({ kind }) => kind);

describe('newsOfStatus', () => {
  it.each<[string, Partial<StatusItem>, string[]]>([
    ['sent: an answer', {}, ['answered']],
    ['read: an answer', { status: 'read' }, ['answered']],
    ['of a user id: an answer', { recipient: 'US.13491208655302741918' }, ['answered']],
    ['failed: nothing', { status: 'failed' }, []],
    ['a word that nobody knows: nothing', { status: 'pondered' }, []],
    ['of a group: nothing', { recipient: 'Y2FwaV9ncm91cDo' }, []],
    ['of a member of a group: nothing', { participant: '15550100001' }, []],
    ['of nobody: nothing', { recipient: '' }, []],
    ['of no sender: nothing', { phoneNumberId: null }, []],
    ['that names a free entry point: that, too', { conversation: named }, ['answered', 'named']],
    [
      'that names a conversation of the old model: that, too',
      { conversation: { ...named, origin: 'utility' }, pricing: pricing('CBP') },
      ['answered', 'historic'],
    ],
    [
      'that names a free entry point of the old model, which its delivery opens: that, too',
      { conversation: named, pricing: pricing('cbp') },
      ['answered', 'historic'],
    ],
    [
      'that names what each message has: an answer alone',
      { conversation: { ...named, origin: 'utility' }, pricing: pricing('PMP') },
      ['answered'],
    ],
    ['that names it without an id: an answer alone', { conversation: { ...named, id: null } }, ['answered']],
  ])('%s', (_name, overrides, expected) => {
    expect(kinds(overrides)).toEqual(expected);
  });

  it('of the time of the old model may be about a conversation that another one names', () => {
    const ofThen = (at: string) =>
      newsOfStatus(aStatus({ status: 'read' }), Date.parse(at) / 1_000, receivedAt).map(({ kind }) => kind);
    expect(ofThen('2025-06-30T12:00:00Z')).toEqual(['answered', 'historic']);
    expect(ofThen('2025-07-02T00:00:00Z')).toEqual(['answered']);
  });

  it('is of now, at the latest, and ends at no second that is none', () => {
    const conversation = { ...named, expiresAtSeconds: 1e20 };
    expect(newsOfStatus(aStatus({ conversation }), 253_402_300_799, receivedAt)[1]).toMatchObject({
      at: new Date(receivedAt.getTime() + 60_000),
      expiresAt: null,
    });
  });
});
