type Json = Readonly<Record<string, unknown>>;

/** A word of Meta's in small letters, as Meta compares them. */
export const wordOf = (object: Json, member: string): string => {
  const word = object[member];
  return typeof word === 'string' ? word.toLowerCase() : '';
};

/** The `type` of a component or a button. */
export const kindOf = (object: Json): string => wordOf(object, 'type');
