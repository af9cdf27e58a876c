import { applyDecorators } from '@nestjs/common';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isMessageType, type MessageType, type MetaMessage } from '#graph-api';
import { guessCategory } from '#messages';
import type { RuleContext } from '../http/validation.js';
import { countCharacters } from './content/rules.js';

/** Longest one-time password of an authentication template. */
const MAX_CODE = 15;

type Request = { to?: unknown; category?: unknown; message?: unknown };

/** The one-time password that a message carries by the rule of `guessCategory`, unless its caller names another category. */
function codeOf(message: unknown, { category }: Request): string | null {
  if (typeof message !== 'object' || message === null) return null;
  if (category !== undefined && category !== null && category !== 'authentication') return null;
  if (guessCategory(message as MetaMessage) !== 'authentication') return null;
  const { template } = message as { template: { components: { type: string; parameters: { text: unknown }[] }[] } };
  const text = template.components.find(({ type }) => type === 'body')?.parameters[0]?.text;
  return typeof text === 'string' ? text : null;
}

const indexOfBody = (message: unknown) =>
  String(
    (message as { template: { components: { type: string }[] } }).template.components.findIndex(
      ({ type }) => type === 'body',
    ),
  );

const requestOf = (args: ValidationArguments | undefined) => (args?.object ?? {}) as Request;

/** What a message may be only together with the rest of its request. */
export const FitsRequest = () =>
  applyDecorators(
    ValidateBy(
      {
        name: 'oneTimePassword',
        validator: {
          validate: (value, args) => countCharacters(codeOf(value, requestOf(args)) ?? '') <= MAX_CODE,
          defaultMessage: () =>
            `must be a code of at most ${MAX_CODE} characters, because the url button has the same text; is it no one-time password, name its category`,
        },
      },
      {
        context: {
          member: (value) => ['template', 'components', indexOfBody(value), 'parameters', '0', 'text'],
        } satisfies RuleContext,
      },
    ),
    ofType(
      'groupsOnly',
      (type, to) => type !== 'pin' || kindOf(to) === 'group',
      'must not be pin: only groups have pins',
    ),
    ofType(
      'notToGroups',
      (type, to) => kindOf(to) !== 'group' || !isMessageType(type) || GROUP_TYPES.has(type),
      `must be one of ${[...GROUP_TYPES].join(', ')}: groups take no others`,
    ),
    ValidateBy(
      {
        name: 'notToUserIds',
        validator: {
          validate: (value, args) =>
            kindOf(requestOf(args).to) !== 'user' || !isAuthentication(value, requestOf(args).category),
          defaultMessage: () => 'must not be an authentication template: Meta sends those to phone numbers alone',
        },
      },
      { context: { member: () => ['template'] } satisfies RuleContext },
    ),
  );

/** A rule of the type of a message and its recipient. */
const ofType = (name: string, isFine: (type: unknown, to: unknown) => boolean, sentence: string) =>
  ValidateBy(
    {
      name,
      validator: {
        validate: (value, args) => isFine((value as MetaMessage | null)?.type, requestOf(args).to),
        defaultMessage: () => sentence,
      },
    },
    { context: { member: () => ['type'] } satisfies RuleContext },
  );

/** What groups take (sending.md §2.8). */
const GROUP_TYPES: ReadonlySet<unknown> = new Set<MessageType>([
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'template',
  'pin',
]);

const kindOf = (to: unknown) =>
  typeof to !== 'object' || to === null ? 'phone' : Object.hasOwn(to, 'groupId') ? 'group' : 'user';

const isAuthentication = (message: unknown, category: unknown) =>
  typeof message === 'object' &&
  message !== null &&
  (message as MetaMessage).type === 'template' &&
  (category ?? guessCategory(message as MetaMessage)) === 'authentication';

/** What the Marketing Messages API takes (sending.md §3): marketing templates, to people. */
export const FitsApi = () =>
  ValidateBy({
    name: 'marketingTemplatesOnly',
    validator: {
      validate: (value, args) => {
        const { message, category, to } = requestOf(args);
        const isMarketing =
          (message as MetaMessage | null | undefined)?.type === 'template' && (category ?? 'marketing') === 'marketing';
        return value !== 'marketing_messages' || (isMarketing && kindOf(to) !== 'group');
      },
      defaultMessage: () => '$property must be messages: marketing_messages takes marketing templates to people alone',
    },
  });
