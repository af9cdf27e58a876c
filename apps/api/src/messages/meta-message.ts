import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { isMessageType, MESSAGE_TYPES, type MessageType, type MetaMessage } from '#graph-api';
import { AsItCame } from '../http/as-it-came.js';
import type { RuleContext } from '../http/validation.js';
import { checkMessage } from './content/check-message.js';
import { renderingOf } from './content/rendering.js';
import { countCharacters } from './content/rules.js';

/** Longest `biz_opaque_callback_data`, as Meta has it. */
const MAX_CALLBACK_DATA = 512;
/** Largest message, bytes of its JSON: the most contact cards, 257, with everything that a card usually has. */
const MAX_MESSAGE_BYTES = 144 * 1024;

const isObject = (value: unknown): value is MetaMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTooLarge = (message: MetaMessage) => Buffer.byteLength(JSON.stringify(message)) > MAX_MESSAGE_BYTES;

/** A rule about one member of a message; a value that an earlier rule refuses passes. */
const rule = (
  name: string,
  isFine: (value: MetaMessage) => boolean,
  message: string | ((value: MetaMessage) => string),
  member?: (value: unknown) => string[],
) =>
  ValidateBy(
    {
      name,
      validator: {
        validate: (value) => !isObject(value) || isFine(value),
        defaultMessage: (args) => (typeof message === 'string' ? message : message(args?.value as MetaMessage)),
      },
    },
    { context: { member } satisfies RuleContext },
  );

/**
 * A message in Meta's own shape: its `type` is known, and what is inside keeps Meta's limits (`content/`). Members that nobody
 * knows are kept: the value stays the very object that was parsed, so that 0, "" and false survive, too.
 * @param only the types that are allowed; all when left out
 */
export const IsMetaMessage = (only: readonly MessageType[] = MESSAGE_TYPES) =>
  applyDecorators(
    AsItCame(),
    ValidateBy({
      name: 'isMessage',
      validator: {
        validate: isObject,
        defaultMessage: () => '$property must be an object in the shape of a Cloud API message',
      },
    }),
    rule(
      'messageType',
      ({ type }) => isMessageType(type) && only.includes(type),
      `must be one of ${only.join(', ')}`,
      () => ['type'],
    ),
    rule(
      'messageCallbackData',
      ({ biz_opaque_callback_data: data }) =>
        data === undefined || data === null || (typeof data === 'string' && countCharacters(data) <= MAX_CALLBACK_DATA),
      `must be a text of at most ${MAX_CALLBACK_DATA} characters`,
      () => ['biz_opaque_callback_data'],
    ),
    rule(
      'messageSize',
      (message) => !isTooLarge(message),
      `$property must be at most ${MAX_MESSAGE_BYTES} bytes of JSON`,
    ),
    ValidateBy(
      {
        name: 'messageContent',
        validator: {
          // Of a message that is too large that alone is said.
          validate: (value) =>
            !isObject(value) ||
            !(only as readonly unknown[]).includes(value.type) ||
            checkMessage(value).length === 0 ||
            isTooLarge(value),
          // Not shown: class-validator keeps the context only of a rule that has a sentence.
          defaultMessage: () => '$property must be a message that Meta takes',
        },
      },
      { context: { problems: (value) => checkMessage(value as MetaMessage) } satisfies RuleContext },
    ),
  );

/** The message as it is stored and sent: Markdown of a text becomes its body, all else stays the object that came. */
export function renderMessage(message: MetaMessage): MetaMessage {
  if (message.type !== 'text' || !isObject(message.text) || typeof message.text.markdown !== 'string') return message;
  const { markdown: _markdown, body: _none, ...rest } = message.text;
  return { ...message, text: { ...rest, body: renderingOf(message.text) } };
}
