import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '#graph-api';
import { fixtureSamples } from './fixture-samples.js';
import { SCENARIO_SAMPLES } from './scenario-samples.js';

const bodies = listFixtures('send').map((file) => ({
  name: file.replace(/\.json$/, ''),
  body: JSON.parse(readFixture('send', file)) as Record<string, unknown>,
}));
const samples = fixtureSamples(bodies);

describe('fixtureSamples', () => {
  it('has every body but those that are no message to a phone number', () => {
    const taken = new Set(samples.map(({ name }) => name));
    expect(bodies.map(({ name }) => name).filter((name) => !taken.has(name))).toEqual([
      'group_pin',
      'interactive_request_contact_info',
      'mark_read',
      'mark_read_typing',
      'marketing_messages',
      'text_bsuid',
      'text_group',
    ]);
  });

  it('gives each a number of its own, behind the business number', () => {
    const numbers = [...samples, ...SCENARIO_SAMPLES].map(({ to }) => to);
    expect(numbers[0]).toBe('+15550100101');
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^\+155501\d{5}$/);
  });

  it('leaves out what Herald puts around a message', () => {
    for (const { message } of samples) {
      expect(Object.keys(message)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(messaging_product|to|recipient|recipient_type|biz_opaque_callback_data)$/),
        ]),
      );
    }
    expect(samples.find(({ name }) => name === 'text_reply_context')?.message).toHaveProperty('context');
  });

  it.each([
    ['text', 'read'],
    ['audio_id', 'read'],
    ['audio_voice', 'played'],
    ['reaction', 'sent'],
    ['reaction_remove', 'sent'],
    ['template_no_parameters', 'read'],
  ])('%s must end as %s', (name, status) => {
    expect(samples.find((sample) => sample.name === name)?.expected).toEqual({
      state: 'accepted',
      status,
      attempts: 1,
    });
  });
});
