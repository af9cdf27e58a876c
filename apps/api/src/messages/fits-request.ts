import { applyDecorators } from '@nestjs/common';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isMessageType, type MessageType, type MetaMessage } from '#graph-api';
import type { RuleContext } from '../http/validation.js';
import { objectOf, objectsOf } from './content/rules.js';

type Request = { to?: unknown; category?: unknown; message?: unknown; api?: unknown };

type Json = Record<string, unknown>;

const requestOf = (args: ValidationArguments | undefined) => (args?.object ?? {}) as Request;

const NO_GIF = 'must not show a gif: that goes by marketing_messages alone';

/** What the template that stands in for a message may be: it goes by `messages`. */
export const FitsFallback = () => ofTemplate('gifByMarketing', ofGif, () => true, NO_GIF);

/** What a message may be only together with the rest of its request. */
export const FitsRequest = () =>
  applyDecorators(
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
    ofTemplate(
      'templateOfGroups',
      notForGroups,
      ({ to }) => kindOf(to) === 'group',
      'is no part of a text or media template: groups take no others',
    ),
    ofTemplate('gifByMarketing', ofGif, ({ api }) => api !== 'marketing_messages', NO_GIF),
  );

/** A rule of the components of a template: `find` names the first that is wrong where the rule `applies`, or -1. */
const ofTemplate = (
  name: string,
  find: (components: readonly Json[]) => number,
  applies: (request: Request) => boolean,
  sentence: string,
) => {
  const wrong = (message: unknown) => find(objectsOf(objectOf(objectOf(message)['template'])['components']));
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value, args) => !applies(requestOf(args)) || wrong(value) === -1,
        defaultMessage: () => sentence,
      },
    },
    {
      context: { member: (value) => ['template', 'components', String(wrong(value))] } satisfies RuleContext,
    },
  );
};

const kindsIn = ({ parameters }: Json) => objectsOf(parameters).map(({ type }) => wordOf(type));
const wordOf = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : '');
const ofGif = (components: readonly Json[]) => components.findIndex((component) => kindsIn(component).includes('gif'));

/** Parts of templates that are more than text, a file and plain buttons (sending.md §2.8). */
const notForGroups = (components: readonly Json[]) =>
  components.findIndex(
    (component) =>
      ['carousel', 'limited_time_offer', 'tap_target_configuration', 'order_status'].includes(
        wordOf(component['type']),
      ) ||
      ['catalog', 'mpm', 'spm', 'flow', 'order_details', 'order_status'].includes(wordOf(component['sub_type'])) ||
      kindsIn(component).some((kind) => kind === 'location' || kind === 'product'),
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
