import { describe, expect, it } from '@jest/globals';
import { MESSAGE_STATES } from '../../domain/message.js';
import { redrivableStates, whyNotCancelled, whyNotRedriven } from './why-not.js';

describe('cancelling (T10)', () => {
  it.each(MESSAGE_STATES.map((state) => [state]))('%s', (state) => {
    expect(whyNotCancelled(state, false) === null).toBe(state === 'queued');
    expect(whyNotCancelled(state, true)).not.toBeNull();
  });
});

describe('redriving (T11)', () => {
  it.each(MESSAGE_STATES.map((state) => [state]))('%s', (state) => {
    expect(whyNotRedriven(state, false) === null).toBe(['failed', 'expired'].includes(state));
    expect(whyNotRedriven(state, true) === null).toBe(['failed', 'expired', 'unknown'].includes(state));
  });

  it('takes unknown only when somebody insists', () => {
    expect(redrivableStates(false)).not.toContain('unknown');
    expect(redrivableStates(true)).toContain('unknown');
  });
});
