import { describe, expect, it } from '@jest/globals';
import type { Recipient } from './recipient.js';
import { buildSendBody } from './send-request.js';

const A_PHONE: Recipient = { kind: 'phone', id: '15550100001' };
const attemptId = 'a1.01935b2e-7c4a-7f00-8000-0123456789ab.1';

describe('buildSendBody', () => {
  it('adds the envelope and our own callback data', () => {
    const message = { type: 'text', text: { body: 'Hi' }, biz_opaque_callback_data: 'the caller’s' };
    expect(buildSendBody({ recipient: A_PHONE, message, attemptId })).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+15550100001',
      type: 'text',
      text: { body: 'Hi' },
      biz_opaque_callback_data: attemptId,
    });
    expect(message.biz_opaque_callback_data).toBe('the caller’s');
  });

  it.each<[Recipient, object]>([
    [A_PHONE, { recipient_type: 'individual', to: '+15550100001' }],
    [
      { kind: 'user', id: 'US.1' },
      { recipient_type: 'individual', recipient: 'US.1' },
    ],
    [
      { kind: 'group', id: 'g1' },
      { recipient_type: 'group', to: 'g1' },
    ],
  ])('names one recipient: %j', (recipient, members) => {
    const message = { to: '+15550100099', recipient: 'US.9', recipient_type: 'none' };
    expect(buildSendBody({ recipient, message, attemptId })).toEqual({
      messaging_product: 'whatsapp',
      biz_opaque_callback_data: attemptId,
      ...members,
    });
  });

  it('keeps falsy values and members it does not know', () => {
    const message = { type: 'reaction', reaction: { emoji: '' }, a: 0, b: false, c: null, later: { x: [] } };
    expect(buildSendBody({ recipient: A_PHONE, message, attemptId })).toMatchObject(message);
  });
});
