import { describe, expect, it } from '@jest/globals';
import { checkAuthentication } from './authentication-rule.js';

const otp = (code: unknown, button = code) => ({
  type: 'template',
  template: {
    name: 'login_code',
    components: [
      { type: 'BUTTON', sub_type: 'URL', index: '0', parameters: [{ type: 'text', text: button }] },
      { type: 'BODY', parameters: [{ type: 'text', text: code }] },
    ],
  },
});

describe('an authentication template', () => {
  it.each([['x'.repeat(15)], ['😀'.repeat(15)], [7]])('has a code like %s', (code) =>
    expect(() => checkAuthentication(otp(code), 'phone')).not.toThrow(),
  );

  it('has no longer one', () =>
    expect(() => checkAuthentication(otp('x'.repeat(16)), 'phone')).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        errors: [
          expect.objectContaining({
            field: 'message.template.components[1].parameters[0].text',
            message: expect.stringMatching(/at most 15 characters.*it is a text of 16 characters$/),
          }),
        ],
      }),
    ));

  it('goes to no user id', () =>
    expect(() => checkAuthentication(otp('1'), 'user')).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'message.template' })] }),
    ));

  it('has no code where body and button differ', () =>
    expect(() => checkAuthentication(otp('x'.repeat(16), 'y'), 'phone')).not.toThrow());
});
