import { describe, expect, it } from '@jest/globals';
import { attemptId, parseAttemptId } from './opaque-id.js';

const MESSAGE_ID = '01935b2e-7c4a-7f00-8000-0123456789ab';

describe('attemptId', () => {
  it.each([1, 2, 32_767])('comes back from the wire, attempt %i', (attemptNo) => {
    expect(parseAttemptId(attemptId(MESSAGE_ID, attemptNo))).toEqual({ messageId: MESSAGE_ID, attemptNo });
  });
});

describe('parseAttemptId', () => {
  it.each([
    ['a caller’s own', 'order-1042'],
    ['nothing', ''],
    ['another generation', `a2.${MESSAGE_ID}.1`],
    ['attempt 0', `a1.${MESSAGE_ID}.0`],
    ['leading zero', `a1.${MESSAGE_ID}.01`],
    ['attempt past a smallint', `a1.${MESSAGE_ID}.32768`],
    ['negative attempt', `a1.${MESSAGE_ID}.-1`],
    ['no attempt', `a1.${MESSAGE_ID}`],
    ['upper case', `a1.${MESSAGE_ID.toUpperCase()}.1`],
    ['no dashes', `a1.${MESSAGE_ID.replaceAll('-', '')}.1`],
    ['something before', ` a1.${MESSAGE_ID}.1`],
    ['something after', `a1.${MESSAGE_ID}.1\n`],
  ])('reads no attempt from %s', (_name, text) => {
    expect(parseAttemptId(text)).toBeNull();
  });
});
