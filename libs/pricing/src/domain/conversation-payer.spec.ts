import { describe, expect, it } from '@jest/globals';
import { type ConversationMember, payersOf } from './conversation-payer.js';

const member = (wamid: string, chargedAt: number, conversationId = 'c'): ConversationMember => ({
  wamid,
  chargedAt,
  conversationId,
});

describe('payersOf', () => {
  it.each<[string, ConversationMember[], string[]]>([
    ['nobody of nothing', [], []],
    ['the only one', [member('w1', 5)], ['w1']],
    ['the one that was delivered first', [member('w1', 5), member('w2', 4), member('w3', 6)], ['w2']],
    ['of one second the least wamid', [member('w3', 4), member('w2', 4), member('w1', 5)], ['w2']],
    ['one of each conversation', [member('w1', 5), member('w2', 4, 'd'), member('w3', 4)], ['w2', 'w3']],
  ])('is %s', (_name, members, expected) => {
    for (const given of [members, members.toReversed()]) expect([...payersOf(given)].sort()).toEqual(expected);
  });
});
