import type { MessageState } from '#messages';

/** Which states may follow which (delivery protocol §3), written down here once more: an audit does not ask the code it audits. */
const MAY_FOLLOW: Readonly<Record<MessageState, readonly MessageState[]>> = {
  queued: ['sending', 'expired', 'cancelled', 'unknown', 'accepted'],
  sending: ['accepted', 'queued', 'failed', 'unknown', 'uncertain'],
  uncertain: ['accepted', 'queued', 'failed', 'unknown'],
  unknown: ['accepted', 'queued'],
  failed: ['accepted', 'queued'],
  expired: ['accepted', 'queued'],
  accepted: [],
  cancelled: [],
};

/**
 * Whether these states, each as often as it was entered, are in some order the history of a message: from `queued` to `last`, each allowed
 * after the one before. One that nothing tells of leaves a step that no rule has.
 */
export function isHistory(told: readonly MessageState[], last: MessageState): boolean {
  const left = new Map<MessageState, number>();
  for (const state of told) left.set(state, (left.get(state) ?? 0) + 1);
  const deadEnds = new Set<string>();
  const canEnd = (here: MessageState, remaining: number): boolean => {
    if (remaining === 0) return here === last;
    const place = [here, ...[...left].map(([state, count]) => `${state} ${count}`).sort()].join();
    if (deadEnds.has(place)) return false;
    const found = MAY_FOLLOW[here].some((next) => enter(next, remaining));
    if (!found) deadEnds.add(place);
    return found;
  };
  const enter = (state: MessageState, remaining: number): boolean => {
    const count = left.get(state) ?? 0;
    if (count === 0) return false;
    left.set(state, count - 1);
    const found = canEnd(state, remaining - 1);
    left.set(state, count);
    return found;
  };
  return enter('queued', told.length);
}
