import { describe, expect, it } from '@jest/globals';
import { checkPayload, InvalidJobError } from './job-payload.js';

const ID = '01990000-0000-7000-8000-000000000001';
const OTHER = '01990000-0000-7000-8000-000000000002';

describe('checkPayload', () => {
  it.each([
    ['one message', 'deliver-messages', { messageIds: [ID], fences: ['0'] }],
    ['two', 'deliver-messages', { messageIds: [ID, OTHER], fences: ['1', '9223372036854775807'] }],
    ['a kick', 'apply-notifications', {}],
  ] as const)('lets %s pass', (_case, name, payload) => {
    expect(checkPayload(name, payload)).toBe(payload);
  });

  it.each([
    ['nothing', undefined],
    ['a list', [ID]],
    ['no fences', { messageIds: [ID] }],
    ['a body beside the ids', { messageIds: [ID], fences: ['0'], body: 'hello' }],
    ['a phone number as id', { messageIds: ['+15550100001'], fences: ['0'] }],
    ['an upper-case id', { messageIds: [ID.toUpperCase().replace('1990000', '199ABCD')], fences: ['0'] }],
    ['text behind an id', { messageIds: [`${ID} hello`], fences: ['0'] }],
    ['a fence that is text', { messageIds: [ID], fences: ['EAAB'] }],
    ['a fence that is a number', { messageIds: [ID], fences: [0] }],
    ['fewer fences than messages', { messageIds: [ID, OTHER], fences: ['0'] }],
    ['the same message twice', { messageIds: [ID, ID], fences: ['0', '0'] }],
    ['no message', { messageIds: [], fences: [] }],
    ['51 messages', fiftyOne()],
  ])('refuses %s', (_case, payload) => {
    expect(() => checkPayload('deliver-messages', payload)).toThrow(InvalidJobError);
  });

  it('refuses a kick that carries something, without repeating it', () => {
    const check = () => checkPayload('apply-notifications', { body: 'a secret' });
    expect(check).toThrow('apply-notifications job refused');
    expect(check).not.toThrow(/secret|body/);
  });
});

function fiftyOne() {
  const numbers = Array.from({ length: 51 }, (_, i) => i);
  return {
    messageIds: numbers.map((i) => `01990000-0000-7000-8000-${String(i).padStart(12, '0')}`),
    fences: numbers.map(() => '0'),
  };
}
