import { ERROR_CATALOG, type ErrorAction, lookupError } from '#graph-api';
import type { MessageState } from '../domain/message.js';
import { type Move, REASONS, type ReasonText } from './dispatch-reasons.js';

/**
 * A row of the one table of words. What happened to a message is told by its state and a fact: our reason, or for an accepted
 * message what Meta reported last. Why it happened is told by Meta's code, if there is one; its words hold for every message
 * (state and fact are `*`). The API, the CLI, docs/explanations.md and the view `message_explained` all say these.
 */
export interface ExplanationRow extends ReasonText {
  state: MessageState | '*';
  fact: string;
  /** Meta's codes from … to …; 0 in rows of a state, null in the row for codes that nobody knows. */
  codeFrom: number | null;
  codeTo: number | null;
  move: Move;
}

/** What is to be known of a message for its explanation. */
export interface ExplainedFacts {
  state: MessageState;
  reason: string;
  /** What Meta reported last, by its word. */
  status: string | null;
  isPresumedDropped: boolean;
  /** Meta's code of what holds it, or else of what went wrong last, whoever reported it. */
  code: number | null;
  /** It is held until an operator lifts the hold. */
  isPaused: boolean;
}

/** A message in words. */
export interface Explanation {
  /** What happened. */
  what: string;
  /** Why, in Meta's terms; null when there is nothing to add. */
  why: string | null;
  /** Whose move it is. */
  move: Move;
  /** What to do, for whoever's move it is. */
  advice: string;
}

/** What Meta reported of a message that it took, and what it did not. */
const STATUSES: Readonly<Record<string, ReasonText & { move: Move }>> = {
  sent: {
    title: 'Meta has sent it on; the recipient’s phone has not confirmed it yet',
    advice: 'Nothing to do: phones may be off for days, and Meta tries until the message’s life is over.',
    move: 'meta',
  },
  failed: {
    title: 'Meta took it and could not deliver it',
    advice: 'Send a new message once the cause is gone: this one is not sent again by itself.',
    move: 'client',
  },
  delivered: { title: 'It was delivered', advice: 'Nothing to do.', move: 'nobody' },
  read: { title: 'It was delivered and read', advice: 'Nothing to do.', move: 'nobody' },
  played: { title: 'It was delivered and played', advice: 'Nothing to do.', move: 'nobody' },
  presumed_dropped: {
    title: 'Meta took it and has not delivered it in the time it tries to: it is presumed dropped',
    advice: 'Send a new message if it is still wanted. A late status takes the mark away.',
    move: 'client',
  },
};

/** Who has to act on an error once a message has ended with it. */
const moveAfter = (action: ErrorAction): Move =>
  action === 'PAUSE' ? 'operator' : action === 'SUPPRESS' ? 'nobody' : 'client';

const UNKNOWN_CODE = -1;

/** Every explanation there is. */
export const EXPLANATIONS: readonly ExplanationRow[] = [
  ...Object.entries(REASONS).map(([fact, { state, title, advice, move }]) =>
    ofState(state, fact, { title, advice, move }),
  ),
  ...Object.entries(STATUSES).map(([fact, words]) => ofState('accepted', fact, words)),
  ...ERROR_CATALOG.flatMap(({ codes, title, advice, action }) =>
    spans(codes).map(([codeFrom, codeTo]) => ofCode(codeFrom, codeTo, { title, advice, action })),
  ),
  ofCode(null, null, lookupError({ code: UNKNOWN_CODE })),
];

/** A message in words: what happened, why, whose move it is and what to do. A reason that is newer than the table speaks for itself. */
export function explain({ state, reason, status, isPresumedDropped, code, isPaused }: ExplainedFacts): Explanation {
  const fact = state !== 'accepted' ? reason : isPresumedDropped ? 'presumed_dropped' : (status ?? reason);
  const words = BY_FACT.get(`${state} ${fact}`) ?? {
    title: fact.replaceAll('_', ' '),
    advice: 'See the timeline of the message.',
    move: 'operator',
  };
  const isOver = state === 'failed' || fact === 'failed';
  const cause = code === null ? null : ofError(code);
  const isAdvised = cause !== null && (isOver || isPaused);
  return {
    what: words.title,
    why: cause?.title ?? null,
    move: isPaused ? 'operator' : cause !== null && isOver ? cause.move : words.move,
    advice: isAdvised ? cause.advice : words.advice,
  };
}

const BY_FACT: ReadonlyMap<string, ExplanationRow> = new Map(
  EXPLANATIONS.filter(({ state }) => state !== '*').map((row) => [`${row.state} ${row.fact}`, row]),
);

function ofError(code: number): ReasonText & { move: Move } {
  const { title, advice, action } = lookupError({ code });
  return { title, advice, move: moveAfter(action) };
}

function ofState(state: MessageState, fact: string, words: ReasonText & { move: Move }): ExplanationRow {
  return { state, fact, codeFrom: 0, codeTo: 0, ...words };
}

function ofCode(
  codeFrom: number | null,
  codeTo: number | null,
  { title, advice, action }: ReasonText & { action: ErrorAction },
): ExplanationRow {
  return { state: '*', fact: '*', codeFrom, codeTo, title, advice, move: moveAfter(action) };
}

function spans(codes: (typeof ERROR_CATALOG)[number]['codes']): [number, number][] {
  if (typeof codes === 'number') return [[codes, codes]];
  return 'from' in codes ? [[codes.from, codes.to]] : codes.map((code) => [code, code]);
}
