import type { MessageView, TimelineEntry } from '#messages';
import { formatMicros } from '#pricing';
import { row } from '../output.js';

/** A message for an operator's terminal: its facts, its attempts, its life; a line each, values separated by tabs. */
export function describeMessage(client: string, message: MessageView, timeline: readonly TimelineEntry[]): string[] {
  const { error, warnings, explanation } = message;
  const facts: [string, Parameters<typeof row>[0]][] = [
    ['id', message.id],
    ['client', client],
    ['reference', message.clientReference],
    ['from', message.from],
    ['to', typeof message.to === 'string' ? message.to : JSON.stringify(message.to)],
    ['type', message.type],
    ['category', message.category],
    ['priority', message.priority],
    ['state', message.state],
    ['status', message.status],
    ['wamid', message.waWamid],
    ['attempts', message.attempts],
    ['error', error && `${error.code} ${error.title}. ${error.advice}`],
    ['warnings', warnings.length === 0 ? null : warnings.map(({ code }) => code).join(', ')],
    ['what', explanation.what],
    ['why', explanation.why],
    ['whose move', explanation.move],
    ['what to do', explanation.advice],
    ['estimate', message.estimate && message.estimate.explanation],
    ['cost', message.cost && `${formatMicros(BigInt(message.cost.amountMicros))} ${message.cost.currency}`],
    ['cost because', message.cost && message.cost.charges.map(({ explanation: why }) => why).join(' ')],
    ['waits for', message.waitsFor],
    ['waits until', message.waitsUntil],
    ['created', message.createdAt],
    ['expires', message.expiresAt],
    ['message', JSON.stringify(message.message)],
  ];
  return [
    ...facts.filter(([, value]) => value !== null).map(([name, value]) => row(name, value)),
    '',
    'attempts',
    ...timeline.filter(({ kind }) => kind === 'attempt').map(describeAttempt),
    '',
    'timeline',
    ...timeline.map(describeEntry),
  ];
}

const describeAttempt = ({ attempt, at, what, why, details }: TimelineEntry): string =>
  row(attempt, at, what, why, JSON.stringify(details));

const describeEntry = ({ at, kind, what, who, why }: TimelineEntry): string => row(at, kind, what, who, why);
