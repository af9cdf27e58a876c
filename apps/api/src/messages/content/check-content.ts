import { getMetadataStorage } from 'class-validator';
import { fieldPath } from '../../http/field-path.js';
import type { FieldProblem } from '../../http/request.errors.js';
import { natureOf } from '../../http/value-nature.js';
import { type ContentClass, type ContentContext, countCharacters, type KeptContext, OPTIONAL, WHOLE } from './rules.js';

/** More than these nobody reads. */
const MAX_PROBLEMS = 20;

type Json = Record<string, unknown>;

interface ContentRule extends KeptContext {
  name: string;
}

interface FieldRules {
  field: string;
  isOptional: boolean;
  rules: ContentRule[];
}

/**
 * What is wrong with a value by the rules of a class, fields named from `path` inwards; empty when nothing is.
 *
 * Reads the decorators out of class-validator's own storage once per class and runs them on the parsed JSON itself, without
 * making instances: `validateSync` collects the metadata anew for every object, which costs a rich contact card
 * more than the whole message may take. Members that the class does not know are not looked at.
 */
export function checkContent(value: Json, of: ContentClass, path: readonly string[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  checkObject(value, of, { path: [...path], problems });
  return problems;
}

interface Walk {
  /** Where the walk stands; grows and shrinks with it. */
  path: (string | number)[];
  problems: FieldProblem[];
}

function checkObject(value: Json, of: ContentClass, walk: Walk): void {
  for (const { field, isOptional, rules } of rulesOf(of)) {
    if (walk.problems.length >= MAX_PROBLEMS) return;
    if (field === WHOLE) {
      checkField(value, value, rules, walk);
      continue;
    }
    // A name of every object, such as toString, is a member only when it came.
    const member = Object.hasOwn(value, field) ? value[field] : undefined;
    if (isOptional && (member === undefined || member === null)) continue;
    walk.path.push(field);
    checkField(member, value, rules, walk);
    walk.path.pop();
  }
}

function checkField(value: unknown, owner: Json, rules: readonly ContentRule[], walk: Walk): void {
  for (const rule of rules) {
    if (!rule.validate(value, owner)) {
      walk.problems.push(problemOf(rule, value, owner, walk.path));
      return;
    }
    if (rule.inner !== undefined) checkInner(value, rule.inner, walk);
  }
}

function checkInner(value: unknown, pick: NonNullable<ContentContext['inner']>, walk: Walk): void {
  if (!Array.isArray(value)) {
    const of = pick(value as Json);
    if (of !== null) checkObject(value as Json, of, walk);
    return;
  }
  for (let index = 0; index < value.length; index += 1) {
    if (walk.problems.length >= MAX_PROBLEMS) return;
    const item: unknown = value[index];
    walk.path.push(index);
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      walk.problems.push(problemOf(NO_OBJECT, item, {}, walk.path));
    } else {
      const of = pick(item as Json);
      if (of !== null) checkObject(item as Json, of, walk);
    }
    walk.path.pop();
  }
}

const NO_OBJECT: ContentRule = { name: 'object', validate: () => false, sentence: 'must be an object' };

function problemOf(rule: ContentRule, value: unknown, owner: Json, path: Walk['path']): FieldProblem {
  const members = rule.member?.(value) ?? [];
  const field = fieldPath([...path.map(String), ...members]);
  const at = members.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Json)[name] : undefined),
    value,
  );
  const sentence = typeof rule.sentence === 'string' ? rule.sentence : rule.sentence(value, owner);
  const code = rule.name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { field, code, message: `${field} ${sentence}; it is ${shown(at)}` };
}

/** A number as it is, a text by its length in characters, anything else by its kind. */
function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return `a text of ${countCharacters(value)} characters`;
  return natureOf(value);
}

const RULES = new Map<ContentClass, FieldRules[]>();

function rulesOf(of: ContentClass): FieldRules[] {
  let rules = RULES.get(of);
  if (rules === undefined) RULES.set(of, (rules = readRules(of)));
  return rules;
}

function readRules(of: ContentClass): FieldRules[] {
  const storage = getMetadataStorage();
  const fields = new Map<string, FieldRules>();
  for (const metadata of storage.getTargetValidationMetadatas(of, of.name, false, false)) {
    const { propertyName: field, type } = metadata;
    const known = fields.get(field) ?? { field, isOptional: false, rules: [] };
    fields.set(field, known);
    if (type === OPTIONAL) {
      known.isOptional = true;
      continue;
    }
    known.rules.push({ ...(metadata.context as KeptContext), name: metadata.name ?? '' });
  }
  // What concerns the object as a whole is said after its fields, whose rules it may rely on.
  return [...fields.values()].sort((a, b) => Number(a.field === WHOLE) - Number(b.field === WHOLE));
}
