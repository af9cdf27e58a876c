/** Words with which contacts end marketing, and let it begin again; each as `plainWords` gives it. */
export interface ConsentWords {
  stop: ReadonlySet<string>;
  start: ReadonlySet<string>;
}

/** Accents of Latin letters, vowel signs of Arabic ones and the stroke that lengthens those. The signs of Devanagari are letters. */
const ACCENTS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g;
/** Punctuation, pictures, and what cannot be seen. */
const NO_WORDS = /[\p{P}\p{S}\p{C}\ufe0f\s]+/gu;

/** A text in which only its words count: no case, accents, punctuation or pictures. */
export const plainWords = (text: string): string =>
  text.normalize('NFKD').replaceAll(ACCENTS, '').toLowerCase().replaceAll(NO_WORDS, ' ').trim();

export function consentWords(stop: readonly string[], start: readonly string[]): ConsentWords {
  const setOf = (words: readonly string[]) => new Set(words.map(plainWords).filter((word) => word !== ''));
  return { stop: setOf(stop), start: setOf(start) };
}

/** Longer texts are no single word; they need not be looked through. */
const MAX_LENGTH = 200;

/**
 * Whether a contact who wrote this wants marketing; null when it says nothing about that. The whole text must be one of the words.
 * @param texts what was written, or the label and the payload of a button
 */
export function wantsMarketing(texts: readonly string[], { stop, start }: ConsentWords): boolean | null {
  const words = texts.filter(({ length }) => length <= MAX_LENGTH).map(plainWords);
  if (words.some((word) => stop.has(word))) return false;
  return words.some((word) => start.has(word)) ? true : null;
}
