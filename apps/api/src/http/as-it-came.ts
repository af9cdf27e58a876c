import type { Type } from '@nestjs/common';
import * as classTransformer from 'class-transformer';

type Json = Record<string, unknown>;

const KEPT = new Map<unknown, Set<string>>();

/**
 * A field whose value stays the very object that was parsed. class-transformer would copy it member by member first, which
 * for a large message takes longer than everything else that happens to it.
 */
export const AsItCame = (): PropertyDecorator => (target, property) => {
  const fields = KEPT.get(target.constructor) ?? new Set();
  KEPT.set(target.constructor, fields.add(String(property)));
};

/** class-transformer for the validation pipe, which leaves alone what is to stay as it came. */
export const transformerPackage = {
  ...classTransformer,
  plainToInstance<T>(of: Type<T>, plain: unknown, options?: classTransformer.ClassTransformOptions): T {
    const value = (plain ?? {}) as Json;
    const kept = [...(KEPT.get(of) ?? [])].filter((field) => Object.hasOwn(value, field));
    const rest = { ...value };
    for (const field of kept) delete rest[field];
    const instance = classTransformer.plainToInstance(of, kept.length === 0 ? value : rest, options);
    for (const field of kept) Object.assign(instance as object, { [field]: value[field] });
    return instance;
  },
};
