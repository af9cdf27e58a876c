import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '../fixtures.js';
import { parseSendBody } from './send-request.js';

const TEXT = { messaging_product: 'whatsapp', to: '+15550100001', type: 'text', text: { body: 'Hello' } };

describe('parseSendBody', () => {
  it.each(listFixtures('send'))('takes %s', (file) => {
    expect(parseSendBody(readFixture(`send/${file}`)).kind).toBe(
      file.startsWith('mark_read') ? 'mark_read' : 'message',
    );
  });

  it.each<[string, unknown, number]>([
    ['no object', [], 100],
    ['no body', null, 100],
    ['no messaging_product', { ...TEXT, messaging_product: undefined }, 100],
    ['no recipient', { ...TEXT, to: undefined }, 131008],
    ['letters for a number', { ...TEXT, to: 'Sam' }, 100],
    ['six digits', { ...TEXT, to: '+155501' }, 100],
    ['no type and no text', { ...TEXT, type: undefined, text: undefined }, 131008],
    ['an unknown type', { ...TEXT, type: 'telegram' }, 100],
    ['a type without its object', { ...TEXT, type: 'image' }, 131008],
    ['a text without body', { ...TEXT, text: {} }, 131008],
    ['a text that is too long', { ...TEXT, text: { body: 'a'.repeat(4097) } }, 100],
    ['a template without language', { ...TEXT, type: 'template', template: { name: 'x' } }, 131008],
    ['callback data that is too long', { ...TEXT, biz_opaque_callback_data: 'a'.repeat(513) }, 100],
    ['a read receipt without message', { messaging_product: 'whatsapp', status: 'read' }, 131008],
  ])('refuses %s', (_says, body, code) => {
    expect(parseSendBody(body)).toMatchObject({ kind: 'invalid', code });
  });

  it('reads a number in any spelling, and text without a type', () => {
    const body = { ...TEXT, type: undefined, to: '+1 (555) 010-0001' };
    expect(parseSendBody(body)).toMatchObject({
      request: { type: 'text', recipient: { kind: 'phone', input: '+1 (555) 010-0001', waId: '15550100001' } },
    });
  });

  it('prefers the phone number to the user id', () => {
    expect(parseSendBody(readFixture('send/text_phone_and_bsuid.json'))).toMatchObject({
      request: { recipient: { kind: 'phone' } },
    });
  });
});
