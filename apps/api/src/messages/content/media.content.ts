import { IsOptional } from 'class-validator';
import { Flag, Id, Link, NotHere, Text, Whole } from './rules.js';

const MAX_CAPTION = 1024;

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** A medium by its id at Meta or by a link that Meta fetches: exactly one of both. */
@Whole('exactlyOne', ({ id, link }) => isGiven(id) !== isGiven(link), {
  sentence: 'must have exactly one of id and link',
})
export class MediaContent {
  @IsOptional()
  @Id()
  id?: unknown;

  @IsOptional()
  @Link('https')
  link?: unknown;
}

/** `image` and `video`. An empty caption is none. */
export class CaptionedContent extends MediaContent {
  @IsOptional()
  @Text(MAX_CAPTION, 0)
  caption?: unknown;
}

/** `document`. */
export class DocumentContent extends CaptionedContent {
  @IsOptional()
  @Text()
  filename?: unknown;
}

/** `audio`; with `voice` a voice message. */
export class AudioContent extends MediaContent {
  @IsOptional()
  @Flag()
  voice?: unknown;

  @NotHere('audio has no caption')
  caption?: unknown;
}

/** `sticker`. */
export class StickerContent extends MediaContent {
  @NotHere('a sticker has no caption')
  caption?: unknown;
}
