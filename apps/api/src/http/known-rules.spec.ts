import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage, IsInt, Min, validateSync } from 'class-validator';
import { rememberRules } from './known-rules.js';

class Base {
  @IsInt()
  count!: unknown;
}
class Wide extends Base {}

describe('rules that are remembered', () => {
  const problems = (of: object) => validateSync(of).flatMap(({ constraints }) => Object.keys(constraints ?? {}));
  const make = (of: typeof Base, count: unknown) => Object.assign(new of(), { count });

  it('are those of the class and of its bases, also when one is added later', () => {
    rememberRules();
    for (let time = 0; time < 2; time += 1) {
      expect(problems(make(Base, 'x'))).toEqual(['isInt']);
      expect(problems(make(Wide, 'x'))).toEqual(['isInt']);
      expect(problems(make(Wide, 1))).toEqual([]);
    }
    Min(2)(Wide.prototype, 'count');
    expect(problems(make(Wide, 1))).toEqual(['min']);
    expect(problems(make(Base, 1))).toEqual([]);
  });

  it('are collected once', () => {
    const storage = getMetadataStorage();
    const rules = () => storage.getTargetValidationMetadatas(Wide, '', false, false);
    expect(rules()).toBe(rules());
    expect(storage.getTargetValidationMetadatas(Wide, '', false, false, ['some'])).not.toBe(rules());
  });
});
