import { registerDecorator, ValidateBy, type ValidationArguments, ValidationTypes } from 'class-validator';

/** A class whose decorated fields say what an object of Meta's may hold. It is never made: parsed JSON is checked against it as it is. */
export type ContentClass = abstract new () => object;

/** Picks the class of an inner object, where its kind depends on what it says; null when an own rule refuses such a kind. */
export type ContentClassOf = (value: Record<string, unknown>) => ContentClass | null;

/** What a content rule says of itself beside its check, as its class-validator `context`. */
export interface ContentContext {
  /** The limit, as the end of a sentence that begins with the field; a function when it needs the value. */
  sentence: string | ((value: unknown, owner: Record<string, unknown>) => string);
  /** Members below the value that the refusal is about. */
  member?: (value: unknown) => string[];
  /** Objects to look into once the rule itself is content. */
  inner?: ContentClassOf;
}

/** The name under which the rules for an object as a whole are kept. */
export const WHOLE = '';

type Validate = (value: unknown, owner: Record<string, unknown>) => boolean;

/** A content rule as class-validator keeps it: with its check, which `checkContent` calls without a detour. */
export interface KeptContext extends ContentContext {
  validate: Validate;
}

const validatorOf = (validate: Validate) => ({
  validate: (value: unknown, args?: ValidationArguments) =>
    validate(value, (args?.object ?? {}) as Record<string, unknown>),
});

/** A rule of one field. */
export const rule = (name: string, validate: Validate, context: ContentContext) =>
  ValidateBy({ name, validator: validatorOf(validate) }, { context: { ...context, validate } satisfies KeptContext });

/** A rule between the fields of an object, on its class. */
export const Whole =
  (name: string, validate: (value: Record<string, unknown>) => boolean, context: ContentContext) =>
  (target: ContentClass): void => {
    const ofWhole: Validate = (value) => validate(value as Record<string, unknown>);
    registerDecorator({
      name,
      target,
      propertyName: WHOLE,
      options: { context: { ...context, validate: ofWhole } satisfies KeptContext },
      validator: validatorOf(ofWhole),
    });
  };

/** The metadata type by which class-validator marks `@IsOptional`: null or nothing is then not looked at. */
export const OPTIONAL = ValidationTypes.CONDITIONAL_VALIDATION;

/** Characters as Meta counts them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}

/** Whether a text has at most `max` characters; a short one is not counted. */
const isWithin = (text: string, max: number) => text.length <= max || countCharacters(text) <= max;

/** A text of `min` to `max` characters. */
export const Text = (max = Infinity, min = 1) =>
  rule('text', (value) => typeof value === 'string' && value.length >= min && isWithin(value, max), {
    sentence:
      max === Infinity
        ? min === 0
          ? 'must be a text'
          : 'must be a text that is not empty'
        : `must be a text of ${min === 0 ? 'at most' : `${min} to`} ${max} characters`,
  });

/** An id: Meta takes it as a text and as a whole number. */
export const Id = () =>
  rule('id', (value) => (typeof value === 'string' && value !== '') || isWhole(value, 0), {
    sentence: 'must be an id: a text that is not empty, or a whole number',
  });

/** true or false. */
export const Flag = () => rule('flag', (value) => typeof value === 'boolean', { sentence: 'must be true or false' });

/** One of some texts. */
export const OneOf = (...allowed: readonly string[]) =>
  rule('oneOf', (value) => typeof value === 'string' && allowed.includes(value), {
    sentence: `must be ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}`,
  });

/** One of some texts, in capitals or not, as Meta takes the kinds of template components and of their parameters. */
export const OneOfAnyCase = (...allowed: readonly string[]) =>
  rule('oneOf', (value) => typeof value === 'string' && allowed.includes(value.toLowerCase()), {
    sentence: `must be ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}`,
  });

const isWhole = (value: unknown, min: number, max = Number.MAX_SAFE_INTEGER) =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

/** A whole number, as a number. */
export const WholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  rule('wholeNumber', (value) => isWhole(value, min, max), {
    sentence: `must be a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`,
  });

/** A whole number, as a number or as its digits. */
export const Digits = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  rule(
    'wholeNumber',
    (value) =>
      isWhole(value, min, max) ||
      (typeof value === 'string' && /^\d{1,16}$/.test(value) && isWhole(Number(value), min, max)),
    {
      sentence: `must be a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`,
    },
  );

/** Degrees from minus to plus `limit`, as a number or as a text. */
export const Degrees = (limit: number) =>
  rule(
    'degrees',
    (value) =>
      (typeof value === 'number' || (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value))) &&
      Math.abs(Number(value)) <= limit,
    { sentence: `must be degrees from -${limit} to ${limit}` },
  );

/** A public address that Meta can fetch, or that a button opens. */
export const Link = (...schemes: readonly string[]) =>
  rule('link', (value) => typeof value === 'string' && isLink(value, schemes), {
    sentence: `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

const isLink = (value: string, schemes: readonly string[]) =>
  schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`)) && URL.canParse(value);

/** Is refused whatever it is: Meta knows the member elsewhere, not here. */
export const NotHere = (why: string) =>
  rule('notHere', (value) => value === undefined || value === null, { sentence: `must be left out: ${why}` });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of which a class says what it holds. */
export const Inner = (of: ContentClassOf) => rule('object', isObject, { sentence: 'must be an object', inner: of });

/** An object of any members. */
export const AnyObject = () => rule('object', isObject, { sentence: 'must be an object' });

/** A list of `min` to `max` objects of which a class says what each holds. */
export const InnerEach = (of: ContentClassOf, min: number, max = Infinity) =>
  rule('list', (value) => Array.isArray(value) && value.length >= min && value.length <= max, {
    sentence: `must be a list of ${max === Infinity ? `at least ${min}` : min === max ? `exactly ${max}` : `${min} to ${max}`}`,
    inner: of,
  });

/** The members of a list that are objects, whatever the value is. */
export function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value as an object, or an empty one. */
export const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

/** Path below a list to the first item whose value came before; null when all are different. */
export function findRepeated(
  items: readonly unknown[],
  read: (item: Record<string, unknown>) => unknown,
): number | null {
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const value = read(objectOf(item));
    if (value === undefined) continue;
    if (seen.has(value)) return index;
    seen.add(value);
  }
  return null;
}
