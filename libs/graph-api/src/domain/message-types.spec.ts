import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '../fixtures/read-fixture.js';
import { isMessageType, messageObject, type MetaMessage } from './message-types.js';

const messages = listFixtures('send').filter((file) => !file.startsWith('mark_read'));

describe('messageObject', () => {
  it.each(messages)('finds the content of %s', (file) => {
    const message = JSON.parse(readFixture('send', file)) as MetaMessage;
    expect(isMessageType(message.type)).toBe(true);
    expect(messageObject(message)).toBe(message[message.type as string]);
  });

  it.each([
    ['no type', { text: { body: 'x' } }],
    ['unknown type', { type: 'hologram', hologram: {} }],
    ['a type from the prototype', { type: 'constructor' }],
    ['a type that is no text', { type: ['text'], text: {} }],
    ['no content', { type: 'text' }],
    ['null content', { type: 'text', text: null }],
    ['text content', { type: 'text', text: 'x' }],
    ['an array where an object belongs', { type: 'text', text: [] }],
    ['an object where an array belongs', { type: 'contacts', contacts: {} }],
  ])('is null with %s', (_name, message) => {
    expect(messageObject(message)).toBeNull();
  });
});
