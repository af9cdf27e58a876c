import { type ArgumentMetadata, ValidationPipe, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { putAside, transformerPackage } from './as-it-came.js';
import { fieldPath } from './field-path.js';
import { rememberRules } from './known-rules.js';
import { type FieldProblem, RequestRefusedError } from './request.errors.js';
import { natureOf } from './value-nature.js';

/**
 * What a rule may say of itself beside its sentence, as its class-validator `context`: the members below the field that it
 * is about, and the code of the whole problem when the rule stands for something that Herald does not support.
 */
export interface RuleContext {
  member?: (value: unknown) => string[];
  /** For a rule that looks far into its value: all that is wrong, fields named from the value inwards. */
  problems?: (value: unknown) => FieldProblem[];
  problemCode?: string;
}

rememberRules();

const OPEN = new WeakSet<object>();

/** A class whose objects may have members that it does not know, as queries of Meta's may: those are left out. */
export const TakesUnknown = (): ClassDecorator => (target) => void OPEN.add(target);

/** The pipe of Nest, which does not look into fields that stay as they came: their own rules do. */
class HeraldValidationPipe extends ValidationPipe {
  private readonly open = new ValidationPipe({ ...OPTIONS, forbidNonWhitelisted: false });

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.metatype !== undefined && OPEN.has(metadata.metatype)) return this.open.transform(value, metadata);
    return super.transform(putAside(metadata.metatype, value), metadata);
  }
}

const OPTIONS: ValidationPipeOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  transformerPackage,
  exceptionFactory: refuseFields,
};

/** The one validation of bodies and queries: unknown fields are refused, and each refusal names the field, its limit and what came. */
export function createValidationPipe(): ValidationPipe {
  return new HeraldValidationPipe(OPTIONS);
}

/** The refusal of a request with these validation errors. */
export function refuseFields(errors: ValidationError[]): RequestRefusedError {
  const problems = errors.flatMap((error) => problemsOf(error, []));
  const code = errors.map(codeOfRule).find((found) => found !== undefined) ?? 'validation_failed';
  const fields = problems.map(({ field }) => field).join(', ');
  return new RequestRefusedError(code, `See errors: ${fields}`, problems);
}

function problemsOf(error: ValidationError, above: readonly string[]): FieldProblem[] {
  const path = [...above, error.property];
  const own = Object.entries(error.constraints ?? {}).flatMap(([rule, sentence]): FieldProblem[] => {
    const inside = contextOf(error, rule).problems?.(error.value);
    if (inside !== undefined) return inside.map((problem) => below(path, problem));
    const field = fieldPath([...path, ...(contextOf(error, rule).member?.(error.value) ?? [])]);
    return [{ field, code: snakeCase(rule), message: messageOf(rule, sentence, field, error) }];
  });
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, path))];
}

/** A problem of something inside, as one of the request. */
function below(path: readonly string[], { field, code, message }: FieldProblem): FieldProblem {
  const above = fieldPath(path);
  return { field: `${above}.${field}`, code, message: `${above}.${message}` };
}

function messageOf(rule: string, sentence: string, field: string, error: ValidationError): string {
  if (rule === 'whitelistValidation') return `${field} is no field of this request`;
  const limit =
    contextOf(error, rule).member === undefined ? sentence.replaceAll(error.property, field) : `${field} ${sentence}`;
  return `${limit}; it is ${natureOf(valueOf(rule, error))}`;
}

/** A rule about a member speaks of the member's value. */
function valueOf(rule: string, { value, ...error }: ValidationError): unknown {
  const members = contextOf(error, rule).member?.(value) ?? [];
  return members.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    value,
  );
}

const contextOf = ({ contexts }: Pick<ValidationError, 'contexts'>, rule: string): RuleContext =>
  (contexts?.[rule] ?? {}) as RuleContext;

const codeOfRule = (error: ValidationError) =>
  Object.keys(error.constraints ?? {})
    .map((rule) => contextOf(error, rule).problemCode)
    .find((code) => code !== undefined);

const snakeCase = (rule: string) =>
  rule === 'whitelistValidation' ? 'unknown_field' : rule.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
