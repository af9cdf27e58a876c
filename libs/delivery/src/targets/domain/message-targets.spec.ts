import { describe, expect, it } from '@jest/globals';
import { heraldWamid } from '#messages';
import { renameTargets, targetsOf } from './message-targets.js';

const ONE = '0193f0a4-5b6c-7d8e-9f00-112233445566';
const TWO = '0193f0a4-5b6c-7d8e-9f00-112233445577';

describe('the messages that a message names', () => {
  it('are those of its context, reaction and pin, by either of our names', () => {
    expect(
      targetsOf({
        type: 'reaction',
        context: { message_id: ONE.toUpperCase() },
        reaction: { message_id: heraldWamid(TWO), emoji: '' },
      }),
    ).toEqual([ONE, TWO]);
    expect(targetsOf({ type: 'pin', pin: { type: 'pin', message_id: ONE } })).toEqual([ONE]);
  });

  it('are none where Meta’s ids stand, or no ids', () => {
    for (const message of [
      { type: 'text', context: { message_id: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' } },
      { type: 'text', context: null },
      { type: 'text', text: { body: ONE, message_id: ONE } },
      { type: 'pin', pin: { message_id: 7 } },
    ])
      expect(targetsOf(message)).toEqual([]);
  });

  it('are renamed, and nothing else', () => {
    const message = { type: 'reaction', reaction: { message_id: ONE, emoji: '', x: 0 }, y: ONE };
    expect(renameTargets(message, () => 'wamid.theirs')).toEqual({
      ...message,
      reaction: { message_id: 'wamid.theirs', emoji: '', x: 0 },
    });
    expect(renameTargets(message, (name) => name)).toBe(message);
  });
});
