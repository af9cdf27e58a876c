import { describe, expect, it } from '@jest/globals';
import { sendWindow, type WindowFacts, windowState } from './window-state.js';

const AT = new Date('2026-11-27T12:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(AT.getTime() - ms);
const facts = (known: Partial<WindowFacts>): WindowFacts => ({
  heardAt: null,
  hintAt: null,
  closedByMetaAt: null,
  listeningSince: null,
  ...known,
});
/** Since long before everything that the table names. */
const listening = { listeningSince: ago(9 * DAY) };

describe('windowState', () => {
  it.each<[string, Partial<WindowFacts>, string, boolean]>([
    ['a message just now', { heardAt: AT }, 'open', true],
    ['a message a second ahead of our clock', { heardAt: ago(-1_000) }, 'open', true],
    ['a message 24 h less a second ago', { heardAt: ago(DAY - 1_000), ...listening }, 'open', true],
    ['a message 24 h ago', { heardAt: ago(DAY), ...listening }, 'closed', true],
    ['a message 24 h and a second ago', { heardAt: ago(DAY + 1_000), ...listening }, 'closed', true],
    ['a message 24 h ago, and webhooks were missed since', { heardAt: ago(DAY) }, 'unknown', false],
    ['nothing, and we do not listen', {}, 'unknown', false],
    ['nothing in 24 h of listening', { listeningSince: ago(DAY) }, 'closed', true],
    ['nothing in 24 h less a second of listening', { listeningSince: ago(DAY - 1_000) }, 'unknown', false],
    ['a reaction', { hintAt: ago(HOUR), ...listening }, 'open', false],
    ['a reaction, and a message after it', { hintAt: ago(2 * HOUR), heardAt: ago(HOUR) }, 'open', true],
    ['a message, and a reaction after it', { heardAt: ago(2 * HOUR), hintAt: ago(HOUR) }, 'open', false],
    ['a reaction 24 h ago', { hintAt: ago(DAY), ...listening }, 'closed', true],
    ['131047 after the message', { heardAt: ago(2 * HOUR), closedByMetaAt: ago(HOUR) }, 'closed', true],
    ['131047 after a reaction', { hintAt: ago(2 * HOUR), closedByMetaAt: ago(HOUR) }, 'closed', true],
    ['131047, and nothing else is known', { closedByMetaAt: ago(9 * DAY) }, 'closed', true],
    ['131047, and a message after it', { heardAt: ago(HOUR), closedByMetaAt: ago(2 * HOUR) }, 'open', true],
    ['131047, and a message in its second', { heardAt: ago(HOUR), closedByMetaAt: ago(HOUR - 999) }, 'open', true],
    ['131047 a second after the message', { heardAt: ago(HOUR), closedByMetaAt: ago(HOUR - 1_000) }, 'closed', true],
  ])('%s: %s', (_name, known, name, isCertain) => {
    expect(windowState(facts(known), AT)).toMatchObject({ name, isCertain });
  });

  it('expires 24 hours after what opened it, hints included', () => {
    expect(windowState(facts({ heardAt: ago(5 * HOUR) }), AT).expiresAt).toEqual(ago(5 * HOUR - DAY));
    expect(windowState(facts({ heardAt: ago(5 * HOUR), hintAt: ago(HOUR) }), AT).expiresAt).toEqual(ago(HOUR - DAY));
    expect(windowState(facts(listening), AT).expiresAt).toBeNull();
  });
});

describe('sendWindow', () => {
  it.each<[string, Partial<WindowFacts>, string]>([
    ['a minute and a second left', { heardAt: ago(DAY - 61_000), ...listening }, 'open'],
    ['a minute left', { heardAt: ago(DAY - 60_000), ...listening }, 'closed'],
    ['a minute left, and webhooks were missed since', { heardAt: ago(DAY - 60_000) }, 'unknown'],
    ['only a reaction', { hintAt: ago(HOUR), ...listening }, 'closed'],
    ['only a reaction, and we do not listen', { hintAt: ago(HOUR) }, 'unknown'],
    ['a reaction after 131047', { hintAt: ago(HOUR), closedByMetaAt: ago(2 * HOUR) }, 'closed'],
  ])('%s: %s', (_name, known, name) => {
    expect(sendWindow(facts(known), AT, 60_000)).toBe(name);
  });
});
