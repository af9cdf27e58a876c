import type { SeenConversation, SeenCosts, SeenFact, SeenMessage } from './herald-client.js';
import type { Ending, Sample } from './sample.js';
import type { Billed, LoggedSend } from './simulator-client.js';

/** A sample, and what became of it. */
export interface Result {
  sample: Sample;
  message: SeenMessage;
  facts: readonly SeenFact[];
}

/** Whether a message has ended as its sample should. */
export function hasEnded({ expected }: Sample, message: SeenMessage | undefined): boolean {
  return message !== undefined && describeEnding(expected) === describeEnding(endingOf(message));
}

/** What is not as it should be, a line each: endings, and how often each attempt reached the simulator. */
export function findMistakes(results: readonly Result[], sends: readonly LoggedSend[]): string[] {
  const arrivals = countBy(sends.map(({ attemptId }) => attemptId ?? 'without an attempt id'));
  const expected = new Set(results.flatMap(({ message }) => attemptIds(message)));
  return [
    ...results
      .filter(({ sample, message }) => !hasEnded(sample, message))
      .map(({ sample, message }) => {
        const why = message.error === null ? '' : `; ${message.error.title}`;
        return `${sample.name}: ${describeEnding(endingOf(message))}${why}, but should be ${describeEnding(sample.expected)}`;
      }),
    ...[...expected]
      .filter((id) => arrivals.get(id) !== 1)
      .map((id) => `attempt ${id} reached Meta ${arrivals.get(id) ?? 0} times, but should have once`),
    ...[...arrivals.keys()]
      .filter((id) => !expected.has(id))
      .map((id) => `Meta got a send that no message knows: ${id}`),
    ...results.flatMap(({ sample, message }) => {
      const taken = sends.filter(
        (send) => send.outcome === 'accepted' && attemptIds(message).includes(send.attemptId ?? ''),
      );
      return taken.length > 1 ? [`${sample.name}: Meta took it ${taken.length} times`] : [];
    }),
  ];
}

/**
 * What is wrong in the report of costs: it must hold exactly the messages that were delivered, each charged, add up to what the
 * messages themselves say, and agree with what the simulated Meta billed by prices of its own.
 */
export function findCostMistakes(
  results: readonly Pick<Result, 'sample' | 'message'>[],
  { totals }: SeenCosts,
  billed: Billed,
): string[] {
  const delivered = results.filter(({ message }) => DELIVERED.has(message.status ?? ''));
  const [total = { messages: 0, amountMicros: 0 }, ...others] = totals;
  const sum = results.reduce((micros, { message }) => micros + (message.cost?.amountMicros ?? 0), 0);
  return [
    ...delivered
      .filter(({ message }) => message.cost === null)
      .map(({ sample }) => `${sample.name}: delivered, but not charged`),
    ...results
      .filter(({ message }) => message.cost !== null && !DELIVERED.has(message.status ?? ''))
      .map(({ sample }) => `${sample.name}: charged, but not delivered`),
    ...(total.messages === delivered.length
      ? []
      : [`the report has ${total.messages} messages, but ${delivered.length} were delivered`]),
    ...(total.amountMicros === sum ? [] : [`the report says ${total.amountMicros} micros, the messages ${sum}`]),
    ...(total.messages === billed.messages
      ? []
      : [`the report has ${total.messages} messages, but Meta billed ${billed.messages}`]),
    ...(total.amountMicros === billed.amountMicros
      ? []
      : [`the report says ${total.amountMicros} micros, Meta billed ${billed.amountMicros}`]),
    ...others.map(({ currency }) => `nothing should be charged in ${currency}`),
  ];
}

const DAY_MS = 86_400_000;

/**
 * What is wrong in the windows: each customer wrote once or more, so has one that is open and ends a day after the customer was
 * heard last; nobody else has any.
 */
export function findWindowMistakes(
  samples: readonly Pick<Sample, 'name' | 'to'>[],
  conversations: readonly SeenConversation[],
): string[] {
  const ofContact = Map.groupBy(conversations, ({ contact }) => contact);
  const customers = new Map(samples.map(({ name, to }) => [digitsOf(to), name]));
  return [
    ...[...customers].flatMap(([contact, name]) => {
      const [window, ...others] = ofContact.get(contact) ?? [];
      if (window === undefined) return [`${name}: its customer has no window`];
      if (others.length > 0) return [`${name}: its customer has ${others.length + 1} windows, but should have one`];
      const { kind, state, openedAt, lastHeardAt, expiresAt } = window;
      const heardAt = Date.parse(lastHeardAt ?? '');
      const isRight = kind === 'service' && state === 'open' && Date.parse(openedAt) <= heardAt;
      return isRight && Date.parse(expiresAt) - heardAt === DAY_MS
        ? []
        : [`${name}: its window is ${state}, heard ${lastHeardAt}, ends ${expiresAt}: it should end a day after`];
    }),
    ...[...ofContact.keys()].filter((contact) => !customers.has(contact)).map(() => 'a window is nobody’s here'),
  ];
}

const digitsOf = (number: string) => number.replace(/\D/g, '');

const DELIVERED: ReadonlySet<string> = new Set(['delivered', 'read', 'played']);

/** Herald's name for each attempt on the wire: `a1.<message id>.<number>`. */
const attemptIds = ({ id, attempts }: SeenMessage): string[] =>
  Array.from({ length: attempts }, (_, index) => `a1.${id}.${index + 1}`);

const endingOf = ({ state, status, attempts, error }: SeenMessage): Ending => ({
  state,
  status,
  attempts,
  ...(typeof error?.code === 'number' ? { error: error.code } : {}),
});

function describeEnding({ state, status, attempts, error }: Ending): string {
  const code = error === undefined ? '' : ` (${error})`;
  return `${state}, ${status ?? 'no status'}${code} after ${attempts} attempt${attempts === 1 ? '' : 's'}`;
}

/** How often each value is there. */
export function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
