import { IsOptional } from 'class-validator';
import { type ContentClass, objectsOf, OneOfAnyCase, rule, Text } from '../../messages/content/rules.js';
import { kindOf } from './kinds.js';
import { VariableLast } from './variables.js';

const MAX_LABEL = 25;

class LabelledButton {
  @Text(MAX_LABEL)
  text!: unknown;
}

class UrlButton extends LabelledButton {
  @VariableLast()
  @Text(2_000)
  url!: unknown;
}

class PhoneButton extends LabelledButton {
  @Text(20)
  phone_number!: unknown;
}

/** Meta takes the code as a text and as a list of one. */
const codeOf = (example: unknown): unknown => (Array.isArray(example) ? (example as unknown[])[0] : example);

class CopyCodeButton {
  @IsOptional()
  @rule('code', (value) => typeof codeOf(value) === 'string' && [...String(codeOf(value))].length <= 15, {
    sentence: 'must be a code of at most 15 characters',
  })
  example?: unknown;
}

class OtpButton {
  @OneOfAnyCase('copy_code', 'one_tap', 'zero_tap')
  otp_type!: unknown;

  @IsOptional()
  @Text(MAX_LABEL)
  text?: unknown;
}

const BUTTONS: ReadonlyMap<string, ContentClass> = new Map<string, ContentClass>([
  ['url', UrlButton],
  ['phone_number', PhoneButton],
  ['quick_reply', LabelledButton],
  ['copy_code', CopyCodeButton],
  ['otp', OtpButton],
]);

/** The class of a button; null for one of which no limits are known. */
export const buttonOf = (button: Record<string, unknown>): ContentClass | null => BUTTONS.get(kindOf(button)) ?? null;

const kindsOf = (buttons: unknown) => objectsOf(buttons).map(kindOf);
const countOf = (buttons: unknown, kind: string) => kindsOf(buttons).filter((one) => one === kind).length;

/** At most so many buttons of a kind. */
export const OfKindAtMost = (kind: string, max: number) =>
  rule('total', (value) => countOf(value, kind) <= max, {
    sentence: (value) => `must have at most ${max} of the type ${kind}, and has ${countOf(value, kind)}`,
  });

/** Quick replies stand together, before or after all others. */
export const GroupedReplies = () =>
  rule('grouped', (value) => changesIn(kindsOf(value).map((kind) => kind === 'quick_reply')) <= 1, {
    sentence: 'must have their quick replies together, before or after all others',
  });

const changesIn = (values: readonly boolean[]) =>
  values.filter((value, at) => at > 0 && value !== values[at - 1]).length;
