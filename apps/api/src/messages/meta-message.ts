import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { isMessageType, MESSAGE_TYPES, messageObject, type MessageType, type MetaMessage } from '#graph-api';
import type { RuleContext } from '../http/validation.js';

/** Longest `biz_opaque_callback_data`, as Meta has it. */
const MAX_CALLBACK_DATA = 512;
/** Largest message, bytes of its JSON. */
const MAX_MESSAGE_BYTES = 64 * 1024;

const isObject = (value: unknown): value is MetaMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOfType = (value: unknown) => [isObject(value) && isMessageType(value.type) ? value.type : 'type'];

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
 * A message in Meta's own shape: its `type` is known and the member of that name is there. The inside is not looked at, and
 * the value stays the very object that was parsed, so that 0, "", false and members nobody knows survive.
 * @param only the types that are allowed; all when left out
 */
export const IsMetaMessage = (only: readonly MessageType[] = MESSAGE_TYPES) =>
  applyDecorators(
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
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
      'messageContent',
      (message) => !isMessageType(message.type) || messageObject(message) !== null,
      ({ type }) => (type === 'contacts' ? 'must be a list, as the type says' : 'must be an object, as the type says'),
      memberOfType,
    ),
    rule(
      'messageCallbackData',
      ({ biz_opaque_callback_data: data }) =>
        data === undefined || (typeof data === 'string' && data.length <= MAX_CALLBACK_DATA),
      `must be a text of at most ${MAX_CALLBACK_DATA} characters`,
      () => ['biz_opaque_callback_data'],
    ),
    rule(
      'messageSize',
      (message) => Buffer.byteLength(JSON.stringify(message)) <= MAX_MESSAGE_BYTES,
      `$property must be at most ${MAX_MESSAGE_BYTES} bytes of JSON`,
    ),
  );
