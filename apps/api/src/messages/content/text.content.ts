import { IsOptional } from 'class-validator';
import { MAX_TEXT_LENGTH, renderMarkdown } from '#graph-api';
import { countCharacters, Flag, objectOf, rule, Text, Whole } from './rules.js';

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
  @rule('renderedLength', (value) => isRenderable(value), {
    sentence: (value) =>
      `must become a text of 1 to ${MAX_TEXT_LENGTH} characters, and becomes one of ${countCharacters(renderMarkdown(String(value)))}`,
  })
  @Text()
  markdown?: unknown;

  @IsOptional()
  @Flag()
  preview_url?: unknown;
}

function isRenderable(value: unknown): boolean {
  const length = typeof value === 'string' ? countCharacters(renderMarkdown(value)) : 1;
  return length >= 1 && length <= MAX_TEXT_LENGTH;
}
