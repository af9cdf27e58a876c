import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MESSAGE_TYPES } from '../domain/message-types.js';
import { cataloguePage } from './catalogue-page.js';
import { sendExamples } from './send-examples.js';

describe('the catalogue', () => {
  it('has an example of every type', () => {
    expect([...new Set(sendExamples().map(({ type }) => type))]).toEqual([...MESSAGE_TYPES]);
  });

  it('stands in docs/catalogue.md as it is (npm run docs:catalogue)', () => {
    expect(readFileSync(new URL('../../../../docs/catalogue.md', import.meta.url), 'utf8')).toBe(cataloguePage());
  });
});
