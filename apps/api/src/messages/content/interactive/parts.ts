import { IsOptional } from 'class-validator';
import { CaptionedContent, DocumentContent } from '../media.content.js';
import { type ContentClass, Inner, OneOf, Text } from '../rules.js';

/** Longest texts of the parts that interactive messages share. */
const MAX_BODY = 1024;
const MAX_FOOTER = 60;
const MAX_HEADER = 60;

/** The text of most kinds. */
export class Body {
  @Text(MAX_BODY)
  text!: unknown;
}

class Footer {
  @Text(MAX_FOOTER)
  text!: unknown;
}

/** What may have a footer. */
export abstract class WithFooter {
  @IsOptional()
  @Inner(() => Footer)
  footer?: unknown;
}

/** Body and footer that most kinds have: the body must be there. */
export abstract class WithBody extends WithFooter {
  @Inner(() => Body)
  body!: unknown;
}

/** The same where the body may be left out. */
export abstract class WithOptionalBody extends WithFooter {
  @IsOptional()
  @Inner(() => Body)
  body?: unknown;
}

class TextHeader {
  @Text(MAX_HEADER)
  text!: unknown;
}

class ImageHeader {
  @Inner(() => CaptionedContent)
  image!: unknown;
}

class VideoHeader {
  @Inner(() => CaptionedContent)
  video!: unknown;
}

class DocumentHeader {
  @Inner(() => DocumentContent)
  document!: unknown;
}

class NoHeader {
  @OneOf('text', 'image', 'video', 'document')
  type!: unknown;
}

class TextOnlyHeader extends TextHeader {
  @OneOf('text')
  type!: unknown;
}

class MediaOnlyHeader {
  @OneOf('image', 'video')
  type!: unknown;
}

const HEADERS: ReadonlyMap<unknown, ContentClass> = new Map<unknown, ContentClass>([
  ['text', TextHeader],
  ['image', ImageHeader],
  ['video', VideoHeader],
  ['document', DocumentHeader],
]);

/** A header of any kind: text, image, video, document. */
export const anyHeader = ({ type }: Record<string, unknown>): ContentClass => HEADERS.get(type) ?? NoHeader;

/** A header that may only be a text. */
export const textHeader = () => TextOnlyHeader;

/** The header of a carousel's card. */
export const cardHeader = ({ type }: Record<string, unknown>): ContentClass =>
  type === 'image' ? ImageHeader : type === 'video' ? VideoHeader : MediaOnlyHeader;
