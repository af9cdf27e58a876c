import { describe, expect, it } from '@jest/globals';
import { type LogFields, Logger } from './logger.js';

function setup() {
  const lines: string[] = [];
  const logger = Logger.create('info', { write: (line: string) => void lines.push(line) });
  return { logger, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>, lines };
}

describe('Logger', () => {
  it('writes one line with the event and its fields', () => {
    const { logger, last } = setup();
    logger.info('attempt.finished', { messageId: 'm', outcome: 'accepted', durationMs: 12 });
    expect(last()).toMatchObject({ msg: 'attempt.finished', messageId: 'm', outcome: 'accepted', durationMs: 12 });
  });

  it('drops every field that is not on its list', () => {
    const { logger, lines } = setup();
    logger.info('x', {
      body: 'canary',
      accessToken: 'canary',
      recipient: 'canary',
      kind: { deep: 'canary' },
    } as unknown as LogFields);
    expect(lines.join()).not.toContain('canary');
  });

  it('blanks what an error quotes', () => {
    const { logger, lines } = setup();
    logger.error('x', {}, new Error('bad value "canary" for 15550100001'));
    expect(lines.join()).not.toMatch(/canary|15550100001/);
  });
});
