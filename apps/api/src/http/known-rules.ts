import { getMetadataStorage } from 'class-validator';

type Storage = ReturnType<typeof getMetadataStorage>;
type Rules = ReturnType<Storage['getTargetValidationMetadatas']>;

/**
 * Has class-validator collect the rules of a class once. It goes through those of all classes for every object that it looks at,
 * which costs a short message more than all its checks. Rules that are added later are seen.
 */
export function rememberRules(storage: Storage = getMetadataStorage()): void {
  const known = new Map<unknown, Map<string, Rules>>();
  const collect = storage.getTargetValidationMetadatas.bind(storage);
  const add = storage.addValidationMetadata.bind(storage);
  storage.getTargetValidationMetadatas = (of, ...options) => {
    const sets = known.get(of) ?? new Map<string, Rules>();
    known.set(of, sets);
    const key = JSON.stringify(options);
    const rules = sets.get(key) ?? collect(of, ...options);
    sets.set(key, rules);
    return rules;
  };
  storage.addValidationMetadata = (rule) => {
    known.clear();
    add(rule);
  };
}
