import { findJsonFlaw, type JsonFlaw } from './json-flaw.js';

const FLAWS = new WeakMap<object, JsonFlaw>();

/**
 * Puts an empty object in the place of every item of `messages` that has a flaw, and keeps what that was, so that one item does not
 * refuse the others. One that is too deep stays: that is a matter of the whole body.
 */
export function setFlawedAside(body: unknown): void {
  const messages = typeof body === 'object' && body !== null && 'messages' in body ? body.messages : null;
  if (!Array.isArray(messages)) return;
  for (const [index, item] of messages.entries()) {
    // Inside something: a name that only a body itself must not have is no flaw of it.
    const flaw = findJsonFlaw({ item: item as unknown });
    if (flaw === null || flaw.code === 'body_too_deep') continue;
    const empty = {};
    FLAWS.set(empty, { ...flaw, field: flaw.field.replace(/^item\.?/, '') });
    messages[index] = empty;
  }
}

/** What was wrong with the item whose place this took; undefined for any other. */
export const flawOfItem = (item: object): JsonFlaw | undefined => FLAWS.get(item);
