import type { Token, Tokens } from 'marked';
import { literalText } from './literal-text.js';

const MARKERS = { strong: '*', em: '_', del: '~' } as const;
type Style = keyof typeof MARKERS;

/** A piece of a line of text. One with a style is put between markers where these can work. */
interface Piece {
  text: string;
  style?: Style;
}

const isStyle = (type: string): type is Style => Object.hasOwn(MARKERS, type);

/** Inline tokens as WhatsApp's formatting; `within` names the styles that are on already. */
export function inlineText(tokens: readonly Token[], within: readonly Style[] = []): string {
  const pieces = joinLiteral(tokens).map((token) => pieceOf(token, within));
  const done: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    done.push(wrapped(piece, done.at(-1) ?? '', pieces[index + 1]?.text ?? ''));
  }
  return done.join('');
}

/** Neighbouring texts and escaped characters as one text, so that a sign inside a word is seen to be inside. */
function joinLiteral(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (!isLiteral(token)) joined.push(token);
    else if (last !== undefined && isLiteral(last)) last.text += literalOf(token);
    else joined.push({ type: 'escape', raw: token.raw, text: literalOf(token) } satisfies Tokens.Escape);
  }
  return joined;
}

const isLiteral = (token: Token): token is Tokens.Text | Tokens.Escape =>
  (token.type === 'text' || token.type === 'escape') && !('tokens' in token && token.tokens);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};

const textOf = (token: Token) => String('text' in token ? token.text : token.raw);

/** The characters that a text stands for. An escaped `&` begins no entity, and code has none. */
const literalOf = (token: Tokens.Text | Tokens.Escape) =>
  token.type === 'escape'
    ? token.text
    : token.text.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (all, name: string) => ENTITIES[name] ?? all);

function pieceOf(token: Token, within: readonly Style[]): Piece {
  if (isStyle(token.type)) {
    const style = token.type;
    const inner = token as Tokens.Strong;
    if (within.includes(style)) return { text: inlineText(inner.tokens, within) };
    return { text: inlineText(inner.tokens, [...within, style]), style };
  }
  switch (token.type) {
    case 'codespan':
      return { text: code(textOf(token), '`') };
    case 'br':
      return { text: '\n' };
    case 'link':
      return { text: link(token as Tokens.Link, within) };
    case 'image':
      return { text: withAddress(literalText((token as Tokens.Image).text), (token as Tokens.Image).href) };
    default:
      return {
        text: 'tokens' in token && token.tokens ? inlineText(token.tokens, within) : literalText(textOf(token)),
      };
  }
}

/** A text and where it leads; an address that is its own text once. */
function link({ tokens, text, href }: Tokens.Link, within: readonly Style[]): string {
  const isItself = [href, href.replace(/^mailto:/, ''), href.replace(/^https?:\/\//, '')].includes(text);
  return isItself ? text : withAddress(inlineText(tokens, within), href);
}

const withAddress = (text: string, address: string) => {
  if (address === '') return text;
  return text === '' ? address : `${text} (${address.replace(/^mailto:/, '')})`;
};

/** Each line between markers of code; what it holds of them becomes literal. */
export function code(text: string, marker: '`' | '```'): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : marker + line.replaceAll('`', '\u02cb') + marker))
    .join('\n');
}

const isWord = (character: string) => /[\p{L}\p{N}]/u.test(character);

/** A piece between its markers, line by line, because they do not work across lines; without them inside a word, where they would show. */
function wrapped({ text, style }: Piece, before: string, after: string): string {
  if (style === undefined || isWord(before.at(-1) ?? '') || isWord(after[0] ?? '')) return text;
  return eachLine(text, MARKERS[style]);
}

/** Every line of a text that holds anything, between markers that touch it. */
export function eachLine(text: string, marker: string): string {
  return text
    .split('\n')
    .map((line) =>
      line.replace(/^(\s*)(.*?)(\s*)$/su, (all, lead: string, inner: string, trail: string) =>
        inner === '' ? all : lead + marker + inner + marker + trail,
      ),
    )
    .join('\n');
}
