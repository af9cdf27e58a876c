import { describe, expect, it } from '@jest/globals';
import { mediaIdsOf, mediaLinksOf, renameMedia, replaceLinks } from './media-references.js';

const image = (id: string) => ({ type: 'image', image: { id, caption: '' } });
const CASES: [string, Record<string, unknown>, string[]][] = [
  ['an image', { type: 'image', image: { id: 'a', caption: '' }, future: 0 }, ['a']],
  ['a sticker', { type: 'sticker', sticker: { id: 'a' } }, ['a']],
  ['a link', { type: 'video', video: { link: 'https://x/y' } }, []],
  ['an id that is a number', { type: 'image', image: { id: 7 } }, ['7']],
  ['an id that is none', { type: 'image', image: { id: [7] } }, []],
  [
    'a header',
    { type: 'interactive', interactive: { type: 'button', header: { type: 'document', document: { id: 'a' } } } },
    ['a'],
  ],
  [
    'cards',
    { type: 'interactive', interactive: { action: { cards: [{ header: image('a') }, { header: image('b') }] } } },
    ['a', 'b'],
  ],
  [
    'what a flow is given',
    {
      type: 'interactive',
      interactive: { action: { parameters: { flow_action_payload: { data: image('a') } } }, body: image('b') },
    },
    [],
  ],
  [
    'a template',
    {
      type: 'template',
      template: {
        components: [
          { type: 'header', parameters: [image('a')] },
          { type: 'body', parameters: [{ type: 'text', text: 'c' }] },
          {
            type: 'carousel',
            cards: [{ components: [{ type: 'header', parameters: [{ type: 'video', video: { id: 'b' } }] }] }],
          },
        ],
      },
    },
    ['a', 'b'],
  ],
  ['a text', { type: 'text', text: { body: 'a' }, image: { id: 'a' } }, []],
  ['nonsense', { type: 'template', template: { components: [null, 3, { parameters: {} }] } }, []],
];

describe.each(CASES)('%s', (_what, message, ids) => {
  it('names its media', () => expect(mediaIdsOf(message)).toEqual(ids));

  it('gets other names and changes in nothing else', () => {
    const before = JSON.stringify(message);
    const renamed = renameMedia(message, (id) => `new-${id}`);
    expect(JSON.stringify(message)).toBe(before);
    expect(JSON.stringify(renamed).replaceAll('new-', '')).toBe(before.replace(':7}', ':"7"}'));
    expect(mediaIdsOf(renamed)).toEqual(ids.map((id) => `new-${id}`));
  });

  it('is the same object when nothing has another name', () => expect(renameMedia(message, (id) => id)).toBe(message));
});

describe('links in a message', () => {
  const message = {
    type: 'template',
    template: {
      name: 'x',
      components: [
        { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a', x: 0 } }] },
        { type: 'body', parameters: [{ type: 'text', text: 'https://a', link: 'https://c' }] },
      ],
    },
  };

  it('are those of media objects', () => {
    expect(mediaLinksOf(message)).toEqual(['https://a']);
    expect(mediaLinksOf({ type: 'image', image: { link: 'https://b' } })).toEqual(['https://b']);
    expect(mediaLinksOf({ type: 'text', text: { body: 'https://a' } })).toEqual([]);
  });

  it('become ids, and nothing else changes', () => {
    const changed = replaceLinks(message, (link) => (link === 'https://a' ? '7' : undefined));
    expect(changed).toEqual({
      ...message,
      template: {
        ...message.template,
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { id: '7', x: 0 } }] },
          message.template.components[1],
        ],
      },
    });
    expect(replaceLinks(message, () => undefined)).toBe(message);
  });
});
