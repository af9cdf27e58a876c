import { IsOptional } from 'class-validator';
import type { MessageType } from '#graph-api';
import { ContactContent, MAX_CONTACTS } from './contacts.content.js';
import { ContextContent } from './context.content.js';
import { interactiveContent } from './interactive/kinds.js';
import { LocationContent } from './location.content.js';
import { AudioContent, CaptionedContent, DocumentContent, StickerContent } from './media.content.js';
import { PinContent } from './pin.content.js';
import { ReactionContent } from './reaction.content.js';
import { type ContentClass, type ContentClassOf, Flag, Inner, InnerEach, OneOf } from './rules.js';
import { TemplateContent } from './template/template.content.js';
import { TextContent } from './text.content.js';

/** What every message may have beside its content. */
abstract class Message {
  @IsOptional()
  @Inner(() => ContextContent)
  context?: unknown;
}

/** A message whose content is one object, in the member that its type names. */
function messageOf(type: MessageType, content: ContentClassOf): ContentClass {
  class MessageOfType extends Message {}
  Inner(content)(MessageOfType.prototype, type);
  return MessageOfType;
}

/** What the Marketing Messages API takes beside a template (sending.md §3). */
class TemplateMessage extends Message {
  @Inner(() => TemplateContent)
  template!: unknown;

  @IsOptional()
  @OneOf('CLOUD_API_FALLBACK', 'STRICT')
  product_policy?: unknown;

  @IsOptional()
  @Flag()
  message_activity_sharing?: unknown;
}

class ContactsMessage extends Message {
  @InnerEach(() => ContactContent, 1, MAX_CONTACTS)
  contacts!: unknown;
}

/** The class of a message, by its `type`. */
export const MESSAGE_CONTENT: Readonly<Record<MessageType, ContentClass>> = {
  text: messageOf('text', () => TextContent),
  image: messageOf('image', () => CaptionedContent),
  video: messageOf('video', () => CaptionedContent),
  audio: messageOf('audio', () => AudioContent),
  document: messageOf('document', () => DocumentContent),
  sticker: messageOf('sticker', () => StickerContent),
  location: messageOf('location', () => LocationContent),
  contacts: ContactsMessage,
  reaction: messageOf('reaction', () => ReactionContent),
  interactive: messageOf('interactive', interactiveContent),
  template: TemplateMessage,
  pin: messageOf('pin', () => PinContent),
};
