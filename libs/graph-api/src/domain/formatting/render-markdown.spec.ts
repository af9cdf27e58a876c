import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderMarkdown } from './render-markdown.js';

describe('renderMarkdown', () => {
  it.each([
    ['plain text', 'Your table is ready', 'Your table is ready'],
    ['bold', 'a **b** c', 'a *b* c'],
    ['bold by underscores', '__b__', '*b*'],
    ['italic', 'a *b* c', 'a _b_ c'],
    ['bold italic', '***b***', '_*b*_'],
    ['strikethrough', '~~gone~~', '~gone~'],
    ['inline code', '`a*b`', '`a*b`'],
    ['a code block, each line by itself', '```js\na\n\nb\n```', '```a```\n\n```b```'],
    ['bold over lines, each line by itself', '**a\nb**', '*a*\n*b*'],
    ['bold in bold once', '**a __b__ c**', '*a b c*'],
    ['emphasis inside a word, which WhatsApp does not know', 'foo**bar**baz', 'foobarbaz'],
    ['emphasis at the end of a word', 'foo**bar** x', 'foobar x'],
    ['a heading', '# Hello **you**', '*Hello you*'],
    ['a bulleted list', '* a\n* b', '- a\n- b'],
    ['a numbered list', '3. a\n4. b', '3. a\n4. b'],
    ['a list numbered from zero', '0. a\n1. b', '0. a\n1. b'],
    ['lists in lists', '- a\n  - b\n    - c\n- d', '- a\n  ◦ b\n    ◦ c\n- d'],
    ['a numbered list in a list', '- a\n  1. b\n  2. c', '- a\n  1) b\n  2) c'],
    ['a list of tasks', '- [x] a\n- [ ] b', '- ☑ a\n- ☐ b'],
    ['a quote', '> a\n> b', '> a\n> b'],
    ['a quote in a quote', '> a\n>> b', '> a\n> b'],
    ['a link', '[here](https://a.example/x_y_z)', 'here (https://a.example/x_y_z)'],
    ['a bare link', 'see https://a.example/_x_/y', 'see https://a.example/_x_/y'],
    ['a link in bold', '**[a](https://a.example)**', '*a (https://a.example)*'],
    ['an e-mail address', '<me_too_@a.example>', 'me_too_@a.example'],
    ['an image', '![cat](https://a.example/c.jpg)', 'cat (https://a.example/c.jpg)'],
    ['an image without words', '![](https://a.example/c.jpg)', 'https://a.example/c.jpg'],
    ['a rule', 'a\n\n---\n\nb', 'a\n\n———\n\nb'],
    ['a table', '|a|b|\n|-|-|\n|1|2|', '*a* | *b*\n1 | 2'],
    [
      'a table whose cells begin like lists and quotes',
      '|a|b|\n|-|-|\n|- x|y|\n|> x|y|',
      '*a* | *b*\n‐ x | y\n＞ x | y',
    ],
    ['escaped markers', '\\*a\\* 1\\. \\_b\\_', '∗a∗ 1. ＿b＿'],
    ['an escaped start of a line', '1\\. a', '1․ a'],
    ['a sign inside a word', 'a\\*b\\*c', 'a*b*c'],
    ['a sign alone', '5 * 3', '5 * 3'],
    ['markers of WhatsApp that Markdown does not know', '~a~ x', '~a~ x'],
    ['line breaks', 'a\nb\n\nc', 'a\nb\n\nc'],
    ['entities', 'a &amp; b &lt;c', 'a & b <c'],
    ['entities, once', 'a &amp;lt; b', 'a &lt; b'],
    ['an escaped sign that would begin an entity', 'AT\\&amp;T', 'AT&amp;T'],
    ['entities in code, where they are none', '`a &lt; b`', '`a &lt; b`'],
    ['html', 'a <b>x</b>', 'a <b>x</b>'],
    ['entities in html', '<p>\na &amp; b\n</p>', '<p>\na & b\n</p>'],
    ['nothing', '', ''],
  ])('%s', (_what, markdown, text) => expect(renderMarkdown(markdown)).toBe(text));

  it('never throws, and does not grow beyond what markers and addresses need', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'*_~`>-#[]()!|1. \n\\ab') })),
        (markdown) => {
          const text = renderMarkdown(markdown);
          expect(text.length).toBeLessThanOrEqual(10 * markdown.length + 10);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves text without signs as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöü😀]+( [a-zäöü😀]+){0,20}$/u), (text) => {
        expect(renderMarkdown(text)).toBe(text);
      }),
    );
  });

  it('makes no markers of escaped text', () => {
    const escape = (text: string) => text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'*_~`ab ') }), (name) => {
        expect(renderMarkdown(`for ${escape(name.trim())} now`)).not.toMatch(
          /(?<![\p{L}\p{N}])([*_~])\S.*\S\1(?![\p{L}\p{N}])|`/u,
        );
      }),
    );
  });

  it.each([
    ['quotes in quotes', '>'.repeat(16_000)],
    ['lists in lists', '- '.repeat(8_000)],
    ['brackets', '['.repeat(16_000)],
    ['emphasis', '*a '.repeat(5_000)],
  ])('stands deep %s', (_what, markdown) => expect(typeof renderMarkdown(markdown)).toBe('string'));
});
