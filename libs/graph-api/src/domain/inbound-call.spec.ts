import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { readInboundCalls } from './inbound-call.js';
import type { OtherItem } from './notification-item.js';
import { splitNotification } from './webhook-parser.js';

const callsOf = (file: string) =>
  splitNotification(readFixture('webhooks', file)).flatMap((item) => readInboundCalls(item as OtherItem));
const call = { id: 'wacid.1', from: '15550100001', direction: 'USER_INITIATED', timestamp: '1790856090' };
const read = (...calls: unknown[]) => readInboundCalls({ raw: { calls } });

describe('readInboundCalls', () => {
  it.each([
    ['calls_connect.json', 1_790_856_000],
    ['calls_terminate.json', 1_790_856_005],
  ])('%s', (file, startedAt) => {
    expect(callsOf(file)).toEqual([{ id: 'wacid.EXAMPLE0001', from: '15550100001', startedAt }]);
  });

  it('reckons the start from the end and the length', () => {
    expect(read({ ...call, duration: 85 })).toMatchObject([{ startedAt: 1_790_856_005 }]);
    expect(read({ ...call, timestamp: undefined })).toMatchObject([{ startedAt: null }]);
  });

  it('knows a caller without a phone number by the user id', () => {
    expect(read({ ...call, from: undefined, from_user_id: 'US.1' })).toMatchObject([{ from: 'US.1' }]);
  });

  it.each([
    ['a call of the business', { ...call, direction: 'BUSINESS_INITIATED' }],
    ['a call without an id', { ...call, id: undefined }],
    ['a call of nobody', { ...call, from: '' }],
    ['no object', 'call'],
  ])('leaves out %s', (_name, value) => {
    expect(read(value)).toEqual([]);
  });
});
