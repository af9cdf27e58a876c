import { applyDecorators } from '@nestjs/common';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { type MetaMessage } from '#graph-api';
import { guessCategory } from '#messages';
import type { RuleContext } from '../http/validation.js';
import { countCharacters } from './content/rules.js';

/** Longest one-time password of an authentication template. */
const MAX_CODE = 15;

type Request = { to?: unknown; category?: unknown };

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
    ValidateBy(
      {
        name: 'groupsOnly',
        validator: {
          validate: (value, args) =>
            (value as MetaMessage | null)?.type !== 'pin' || typeof requestOf(args).to !== 'string',
          defaultMessage: () => 'must not be pin: only groups have pins',
        },
      },
      { context: { member: () => ['type'] } satisfies RuleContext },
    ),
  );
