import { describe, expect, it } from '@jest/globals';
import { buildSendBody } from './send-request.js';

const attemptId = 'a1.01935b2e-7c4a-7f00-8000-0123456789ab.1';

describe('buildSendBody', () => {
  it('adds the envelope and our own callback data', () => {
    const message = { type: 'text', text: { body: 'Hi' }, biz_opaque_callback_data: 'the caller’s' };
    expect(buildSendBody({ to: '+15550100001', message, attemptId })).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+15550100001',
      type: 'text',
      text: { body: 'Hi' },
      biz_opaque_callback_data: attemptId,
    });
    expect(message.biz_opaque_callback_data).toBe('the caller’s');
  });

  it('gives bare digits their plus', () => {
    expect(buildSendBody({ to: '15550100001', message: {}, attemptId }).to).toBe('+15550100001');
  });

  it('keeps falsy values and members it does not know', () => {
    const message = { type: 'reaction', reaction: { emoji: '' }, a: 0, b: false, c: null, later: { x: [] } };
    expect(buildSendBody({ to: '15550100001', message, attemptId })).toMatchObject(message);
  });
});
