import { Lexer, type Token, type Tokens } from 'marked';
import { code, eachLine, inlineText } from './inline-text.js';
import { escapeFormatting, literalLineStarts } from './literal-text.js';

/** Most characters of a text message. */
export const MAX_TEXT_LENGTH = 4096;

/**
 * Markdown as WhatsApp's formatting. What WhatsApp cannot show becomes the nearest it can: headings are bold, links show their
 * address, lists inside lists are lines of their own. Line breaks stay. Never throws: nesting that nobody can have meant
 * is taken as plain text.
 */
export function renderMarkdown(markdown: string): string {
  try {
    return blocks(new Lexer({ gfm: true, breaks: true }).lex(markdown), '\n\n').trim();
  } catch {
    return escapeFormatting(markdown).trim();
  }
}

function blocks(tokens: readonly Token[], between: string): string {
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map(block)
    .join(between);
}

function block(token: Token): string {
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading);
    case 'code':
      return code((token as Tokens.Code).text, '```');
    case 'blockquote':
      return quote(blocks((token as Tokens.Blockquote).tokens, '\n'));
    case 'list':
      return list(token as Tokens.List, 0);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return '———';
    default:
      return literalLineStarts(inlineText('tokens' in token && token.tokens ? token.tokens : [asText(token)]));
  }
}

const asText = ({ raw }: Token): Token => ({ type: 'text', raw, text: raw.trimEnd() });

/** A heading is bold; what was bold in it needs no second marker. */
const heading = ({ tokens }: Tokens.Heading) => eachLine(inlineText(tokens, ['strong']), '*');

const quote = (text: string) =>
  text
    .split('\n')
    .map((line) => (line.startsWith('> ') ? line : `> ${line}`))
    .join('\n');

/** WhatsApp knows lists of one level: a deeper one is indented lines with signs that are no list to it. */
function list({ items, ordered, start }: Tokens.List, level: number): string {
  const first = start === '' ? 1 : start;
  return items
    .map((item, index) => {
      const sign = ordered ? `${first + index}${level === 0 ? '.' : ')'}` : level === 0 ? '-' : '◦';
      return `${'  '.repeat(level)}${sign} ${listItem(item, level)}`;
    })
    .join('\n');
}

function listItem({ tokens, task, checked }: Tokens.ListItem, level: number): string {
  const parts = tokens
    .filter(({ type }) => type !== 'space' && type !== 'checkbox')
    .map((token) => (token.type === 'list' ? list(token as Tokens.List, level + 1) : block(token)));
  return (task ? (checked ? '☑ ' : '☐ ') : '') + parts.join('\n');
}

const table = ({ header, rows }: Tokens.Table) =>
  [
    header.map(({ tokens }) => eachLine(inlineText(tokens, ['strong']), '*')),
    ...rows.map((row) => row.map(({ tokens }) => inlineText(tokens))),
  ]
    .map((cells) => literalLineStarts(cells.join(' | ')))
    .join('\n');
