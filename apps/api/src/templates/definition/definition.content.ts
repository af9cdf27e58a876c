import { applyDecorators } from '@nestjs/common';
import { IsObject, IsOptional, ValidateBy } from 'class-validator';
import { AsItCame } from '../../http/as-it-came.js';
import type { FieldProblem } from '../../http/request.errors.js';
import type { RuleContext } from '../../http/validation.js';
import { checkContent } from '../../messages/content/check-content.js';
import { type ContentClass, objectOf, OneOfAnyCase, rule, Text, Whole } from '../../messages/content/rules.js';
import { Components } from './components.js';
import { wordOf } from './kinds.js';

const FOREVER = -1;
/** How long Meta may try to deliver, seconds, by category; forever only where that is said (sending.md §5.2). */
const LIFETIMES: Readonly<Record<string, readonly [number, number]>> = {
  authentication: [30, 900],
  utility: [30, 43_200],
  marketing: [43_200, 2_592_000],
  // Not said: an edit leaves the category as it is.
  '': [30, 2_592_000],
};

const lifetimeOf = (definition: Record<string, unknown>) => LIFETIMES[wordOf(definition, 'category')] ?? [1, Infinity];

function isLifetime({ message_send_ttl_seconds: ttl, ...definition }: Record<string, unknown>): boolean {
  const [least, most] = lifetimeOf(definition);
  if (ttl === undefined || ttl === null) return true;
  if (Number(ttl) === FOREVER) return wordOf(definition, 'category') !== 'marketing';
  return Number.isInteger(Number(ttl)) && Number(ttl) >= least && Number(ttl) <= most;
}

/** What every definition may say. */
@Whole('lifetime', isLifetime, {
  sentence: (value) => {
    const [least, most] = lifetimeOf(objectOf(value));
    return `must be ${least} to ${most} s for the category, or -1 unless it is marketing`;
  },
  member: () => ['message_send_ttl_seconds'],
})
abstract class Definition {
  @IsOptional()
  @OneOfAnyCase('positional', 'named')
  parameter_format?: unknown;
}

/** A template that is changed. */
export class EditedDefinition extends Definition {
  @IsOptional()
  @OneOfAnyCase('marketing', 'utility', 'authentication')
  category?: unknown;

  @IsOptional()
  @Components()
  components?: unknown;
}

/** A new template. One from Meta's library brings no components. */
export class NewDefinition extends Definition {
  @rule('templateName', (value) => typeof value === 'string' && /^[a-z0-9_]{1,512}$/.test(value), {
    sentence: 'must be 1 to 512 of a to z, 0 to 9 and _',
  })
  name!: unknown;

  @Text()
  language!: unknown;

  @OneOfAnyCase('marketing', 'utility', 'authentication')
  category!: unknown;

  @IsOptional()
  @Components()
  components?: unknown;
}

const problemsOf = (value: unknown, of: ContentClass): FieldProblem[] =>
  typeof value === 'object' && value !== null ? checkContent(objectOf(value), of, []) : [];

/** A definition in Meta's shape, within Meta's limits; members that nobody knows are kept. */
export const IsDefinition = (of: ContentClass) =>
  applyDecorators(
    AsItCame(),
    IsObject(),
    ValidateBy(
      {
        name: 'templateDefinition',
        validator: {
          validate: (value) => problemsOf(value, of).length === 0,
          defaultMessage: () => '$property must be a template that Meta takes',
        },
      },
      { context: { problems: (value) => problemsOf(value, of) } satisfies RuleContext },
    ),
  );
