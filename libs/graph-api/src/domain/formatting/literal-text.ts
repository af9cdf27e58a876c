/**
 * WhatsApp has no escape character. A marker that would turn literal text into formatting is therefore replaced by a character
 * that looks like it and means nothing (docs/adr/0010-literal-markers.md).
 */
const LOOK_ALIKE: Readonly<Record<string, string>> = {
  '*': '\u2217',
  _: '\uff3f',
  '~': '\u223c',
  '`': '\u02cb',
  '>': '\uff1e',
  '-': '\u2010',
};

/** Stands in for what lies before or after a piece of text, where that may be a marker. */
const EDGE = '.';

const isWord = (character: string) => /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string) => /\s/.test(character);

/** A marker works between a space or a sign and a character, or the other way round; not inside a word, and not alone among spaces. */
function couldMark(marker: string, before: string, after: string): boolean {
  if (marker === '`') return true;
  const opens = !isWord(before) && !isSpace(after);
  const closes = !isSpace(before) && !isWord(after);
  return opens || closes;
}

/** A piece of literal text in which no `*`, `_`, `~` or backtick can begin or end formatting, whatever stands beside the piece. */
export function literalText(text: string): string {
  return text.replaceAll(/[*_~`]/g, (marker, at: number) => {
    // Surrogate halves are no word characters: beside an emoji a marker works.
    const before = text[at - 1] ?? EDGE;
    const after = text[at + 1] ?? EDGE;
    return couldMark(marker, before, after) ? (LOOK_ALIKE[marker] ?? marker) : marker;
  });
}

/** Lines that begin like a list or a quote, made to begin like one without being one. */
export function literalLineStarts(text: string): string {
  return text
    .replaceAll(
      /^([ \t]*)([-*>])(?=[ \t])/gm,
      (_all, indent: string, sign: string) => indent + (LOOK_ALIKE[sign] ?? sign),
    )
    .replaceAll(/^([ \t]*\d{1,9})\.(?=[ \t])/gm, '$1\u2024');
}

/**
 * Somebody's text (a name, an address) so that it shows as it is wherever it is put into a message: no part of it is bold, a
 * list or a quote. Addresses on the web come out changed when they hold markers: do not escape links.
 */
export function escapeFormatting(text: string): string {
  return literalLineStarts(literalText(text));
}
