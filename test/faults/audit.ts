import type { MessageState } from '#messages';
import { isHistory } from './is-history.js';

/** What Postgres knows of a message. */
export interface MessageFact {
  id: string;
  state: MessageState;
  reason: string;
  policy: 'at_least_once' | 'at_most_once';
  /** Of the message, after its last change of hands. */
  fence: number;
  attempts: { no: number; state: string; fence: number; rank: number }[];
  /** Greatest rank that its statuses have reached in Postgres. */
  waRank: number;
  /** The states that its events tell of, in any order. */
  told: MessageState[];
}

/** What reached Meta. */
export interface SendFact {
  attemptId: string | null;
  outcome: 'accepted' | 'refused' | 'dropped';
}

/** Everything that an audit looks at, once all is quiet. */
export interface Facts {
  /** Ids that were answered with 202. */
  accepted: readonly string[];
  messages: readonly MessageFact[];
  sends: readonly SendFact[];
  /** Notifications that are neither applied nor dead. */
  waitingNotifications: number;
  webhooks: {
    /** Different bodies that were answered 200. */
    answered: number;
    /** Notifications in the inbox. */
    kept: number;
  };
  /** Ids of messages by Idempotency-Key. */
  keys: readonly (readonly string[])[];
  /** Rows of a message that name another client than it does. */
  strangers: number;
  /** What the queue, the logs and the metrics hold of tokens, bodies and phone numbers. */
  leaks: readonly string[];
  /** Rows that came out otherwise when every notification was applied once more. */
  changedByReplay: number;
}

/** What an audit found: sentences that begin with the invariant they break, and figures. */
export interface Audit {
  violations: string[];
  figures: {
    accepted: number;
    sentOnce: number;
    duplicates: number;
    lost: number;
    byEvidence: number;
    resent: number;
    unknown: number;
  };
}

const OPEN = new Set(['started', 'uncertain']);
const MAY_FOLLOW = new Set(['not_sent', 'throttled', 'rejected_retryable', 'abandoned']);
const ENDED_BY_META = new Set(['failed', 'expired', 'cancelled', 'unknown']);

/** Holds the facts against the invariants of the delivery protocol (§15). I10 is the same audit, after a drill that empties the queue. */
export function audit(facts: Facts): Audit {
  const known = new Map(facts.messages.map((message) => [message.id, message]));
  const takenOf = countTaken(facts.sends);
  const violations = [
    ...facts.accepted.filter((id) => !known.has(id)).map((id) => `I1 ${id} was answered with 202 and is not there`),
    ...facts.messages.flatMap(judgeMessage),
    ...judgeSends(facts),
    ...judgeRecords(facts),
    ...(facts.waitingNotifications > 0 ? [`I17 ${facts.waitingNotifications} notifications still wait`] : []),
  ];
  const duplicates = facts.messages.filter(({ id }) => (takenOf.get(id) ?? 0) > 1);
  const lost = facts.messages.filter(({ id, state }) => !takenOf.has(id) && !ENDED_BY_META.has(state));
  violations.push(
    ...duplicates
      .filter(({ attempts }) => !wasAbandoned(attempts))
      .map(({ id }) => `duplicate ${id}, which no rule allows`),
    ...lost.map(({ id, state }) => `lost ${id} is ${state} and Meta never took it`),
  );
  const count = (reason: string) => facts.messages.filter((message) => message.reason === reason).length;
  return {
    violations,
    figures: {
      accepted: facts.accepted.length,
      sentOnce: facts.messages.filter(({ id }) => takenOf.get(id) === 1).length,
      duplicates: duplicates.length,
      lost: lost.length,
      byEvidence: count('proved_by_status') + count('proved_by_late_answer'),
      resent: facts.messages.filter(({ attempts }) => wasAbandoned(attempts)).length,
      unknown: facts.messages.filter(({ state }) => state === 'unknown').length,
    },
  };
}

function judgeRecords({ webhooks, keys, strangers, leaks, changedByReplay }: Facts): string[] {
  const ofKeys = keys.flat();
  return [
    ...(webhooks.kept < webhooks.answered
      ? [`I11 ${webhooks.answered} webhooks were answered with 200 and ${webhooks.kept} are there`]
      : []),
    ...(changedByReplay > 0 ? [`I12 ${changedByReplay} rows came out otherwise the second time`] : []),
    ...keys.filter((ids) => ids.length !== 1).map((ids) => `I14 a key has ${ids.length} messages`),
    ...(new Set(ofKeys).size < ofKeys.length ? ['I14 a message has two keys'] : []),
    ...(strangers > 0 ? [`I15 ${strangers} rows name another client than their message`] : []),
    ...leaks.map((leak) => `I16 ${leak}`),
  ];
}

function judgeMessage({ id, state, policy, fence, attempts, waRank, told }: MessageFact): string[] {
  const open = attempts.filter((attempt) => OPEN.has(attempt.state));
  const earlier = attempts.slice(0, -1);
  const mayFollow = (attempt: { state: string }) =>
    MAY_FOLLOW.has(attempt.state) && !(policy === 'at_most_once' && attempt.state === 'abandoned');
  return [
    ...(['sending', 'uncertain'].includes(state) ? [`I17 ${id} is still ${state}`] : []),
    ...(state === 'queued' ? [`I2 ${id} is still queued`] : []),
    ...(open.length > 0 ? [`I3 ${id} has ${open.length} open attempts`] : []),
    ...earlier
      .filter((attempt) => !mayFollow(attempt))
      .map(
        (attempt) =>
          `${policy === 'at_most_once' ? 'I6' : 'I7'} ${id} has an attempt after ${attempt.no}, which is ${attempt.state}`,
      ),
    ...(attempts.some((attempt, place) => attempt.fence <= (attempts[place - 1]?.fence ?? 0) || attempt.fence > fence)
      ? [`I8 ${id} has fence ${fence} and attempts of ${attempts.map((attempt) => attempt.fence).join(', ')}`]
      : []),
    ...(waRank === Math.max(0, ...attempts.map(({ rank }) => rank))
      ? []
      : [`I9 ${id} has rank ${waRank}, its statuses another`]),
    ...(told.filter((each) => each === 'sending').length === attempts.length && isHistory(told, state)
      ? []
      : [`I13 ${id} is ${state} after ${attempts.length} attempts, its events tell of ${told.join(', ')}`]),
  ];
}

function judgeSends({ messages, sends }: Facts): string[] {
  const known = new Set(messages.flatMap(({ id, attempts }) => attempts.map(({ no }) => `a1.${id}.${no}`)));
  const seen = new Set<string>();
  return sends.flatMap(({ attemptId }) => {
    const name = attemptId ?? 'none';
    const again = seen.has(name);
    seen.add(name);
    return [
      ...(known.has(name) ? [] : [`I4 ${name} reached Meta and is no attempt of ours`]),
      ...(again ? [`I5 ${name} reached Meta twice`] : []),
    ];
  });
}

function countTaken(sends: readonly SendFact[]): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { attemptId, outcome } of sends) {
    const id = attemptId?.split('.')[1];
    if (outcome === 'accepted' && id !== undefined) taken.set(id, (taken.get(id) ?? 0) + 1);
  }
  return taken;
}

const wasAbandoned = (attempts: MessageFact['attempts']) => attempts.some(({ state }) => state === 'abandoned');
