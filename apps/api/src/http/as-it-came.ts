import type { Type } from '@nestjs/common';
import * as classTransformer from 'class-transformer';

type Json = Record<string, unknown>;

const KEPT = new Map<unknown, Set<string>>();
/** What was put aside of a value that is on its way through the pipe. */
const PUT_ASIDE = new WeakMap<object, Json>();

/**
 * A field whose value stays the very object that was parsed. The pipe and class-transformer would walk through it and copy it
 * member by member first, which for a large message takes longer than everything else that happens to it.
 */
export const AsItCame = (): PropertyDecorator => (target, property) => {
  const fields = KEPT.get(target.constructor) ?? new Set();
  KEPT.set(target.constructor, fields.add(String(property)));
};

/** The value of a class without the fields that stay as they came; `plainToInstance` puts them back. */
export function putAside(of: unknown, value: unknown): unknown {
  const fields = KEPT.get(of);
  if (fields === undefined || typeof value !== 'object' || value === null) return value;
  const rest: Json = { ...value };
  const kept: Json = {};
  for (const field of fields) {
    if (!Object.hasOwn(rest, field)) continue;
    kept[field] = rest[field];
    delete rest[field];
  }
  PUT_ASIDE.set(rest, kept);
  return rest;
}

/** class-transformer for the validation pipe, which puts back what was put aside. */
export const transformerPackage = {
  ...classTransformer,
  plainToInstance<T>(of: Type<T>, plain: unknown, options?: classTransformer.ClassTransformOptions): T {
    const instance = classTransformer.plainToInstance(of, plain, options);
    return Object.assign(instance as object, PUT_ASIDE.get(plain as object)) as T;
  },
};
