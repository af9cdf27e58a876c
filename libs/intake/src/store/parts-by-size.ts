/**
 * Cuts items into runs of at most `maxBytes`, in their order; an item that is larger alone is a run of its own.
 * @param sizeOf bytes of an item
 */
export function partsBySize<T>(items: readonly T[], maxBytes: number, sizeOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (parts.length === 0 || size > room) {
      parts.push([]);
      room = maxBytes;
    }
    parts.at(-1)?.push(item);
    room -= size;
  }
  return parts;
}
