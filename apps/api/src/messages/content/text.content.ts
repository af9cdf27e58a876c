import { IsOptional } from 'class-validator';
import { MAX_TEXT_LENGTH } from '#graph-api';
import { renderingOf } from './rendering.js';
import { countCharacters, Flag, objectOf, rule, Text, Whole } from './rules.js';

/** Longest Markdown: as much as a text of which every character is escaped. The parser takes a multiple of the time for a multiple of the length. */
const MAX_MARKDOWN_LENGTH = 2 * MAX_TEXT_LENGTH;

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** `text`: a body as WhatsApp takes it, or Markdown that Herald renders to one. */
@Whole('exactlyOne', ({ body, markdown }) => isGiven(body) !== isGiven(markdown), {
  sentence: 'must have exactly one of body and markdown',
  member: (value) => (isGiven(objectOf(value).markdown) ? [] : ['body']),
})
export class TextContent {
  @IsOptional()
  @Text(MAX_TEXT_LENGTH)
  body?: unknown;

  /** Herald's own: what is stored and sent is `body`, the rendering. */
  @IsOptional()
  @rule('renderedLength', (_value, text) => isRenderable(text), {
    sentence: (_value, text) =>
      `must become a text of 1 to ${MAX_TEXT_LENGTH} characters, and becomes one of ${countCharacters(renderingOf(text))}`,
  })
  @Text(MAX_MARKDOWN_LENGTH)
  markdown?: unknown;

  @IsOptional()
  @Flag()
  preview_url?: unknown;
}

function isRenderable(text: Record<string, unknown>): boolean {
  const length = countCharacters(renderingOf(text));
  return length >= 1 && length <= MAX_TEXT_LENGTH;
}
