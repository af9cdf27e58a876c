import { expect, it } from '@jest/globals';
import type { ArrivedAppMessage } from './arrived-message.js';
import { mergeAppMessages } from './merge-app-messages.js';

const a = (change: Partial<ArrivedAppMessage>) =>
  ({
    ...{ wamid: 'wamid.1', type: 'image', origin: 'history', status: null, receivedAt: new Date(0) },
    ...change,
  }) as ArrivedAppMessage;

it.each([
  [
    'a file takes the place of what stood for it',
    [{ type: 'media_placeholder', status: 'read' }, {}],
    { type: 'image', status: 'read' },
  ],
  ['an echo stays one', [{ origin: 'echo', contact: 'e' }, { contact: 'h' }], { origin: 'echo', contact: 'e' }],
  [
    'of two of the history the one that came farthest counts',
    [
      { status: 'sent', contact: 's' },
      { status: 'read', contact: 'r' },
    ],
    { contact: 'r' },
  ],
  [
    'of two alike the one that came first counts',
    [{ contact: 'first' }, { contact: 'second', receivedAt: new Date(1) }],
    { contact: 'first' },
  ],
  ['the farthest status counts', [{ status: 'sent' }, { status: 'played' }, { status: 'read' }], { status: 'played' }],
] as [string, Partial<ArrivedAppMessage>[], object][])('%s, in any order', (_what, messages, expected) => {
  for (const order of [messages, messages.toReversed()])
    expect(mergeAppMessages(order.map(a))).toMatchObject([expected]);
});

it('keeps messages of other wamids apart', () => {
  expect(mergeAppMessages([a({}), a({ wamid: 'wamid.2' }), a({})])).toHaveLength(2);
});
