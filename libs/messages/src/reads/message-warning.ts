import { isKnownError, lookupError } from '#graph-api';
import type { MessageRow } from './message-row.js';

/** Something about a message that an operator may want to look at; it stops nothing. `code`: Meta's number, or a word of ours. */
export interface MessageWarning {
  /** Meta's time of it; null for what is no report of Meta's. */
  at: Date | null;
  code: number | string;
  title: string;
  details: string | null;
}

const DUPLICATE_SUSPECTED: MessageWarning = {
  at: null,
  code: 'duplicate_suspected',
  title: 'Meta took more than one attempt: the recipient may have got it twice',
  details: null,
};
const WITHOUT_REASON = { code: 'warning', title: 'Meta warned of it', details: null };

/** Everything that a message warns of, ours first. */
export function warningsOf({ acceptedAttempts, warnings }: Pick<MessageRow, 'acceptedAttempts' | 'warnings'>) {
  return [...(acceptedAttempts > 1 ? [DUPLICATE_SUSPECTED] : []), ...(warnings ?? []).flatMap(ofStatus)];
}

function ofStatus({ ts, errors }: NonNullable<MessageRow['warnings']>[number]): MessageWarning[] {
  const at = new Date(ts * 1_000);
  const reasons = Array.isArray(errors) ? errors.map(reasonOf) : [];
  return (reasons.length > 0 ? reasons : [WITHOUT_REASON]).map((reason) => ({ at, ...reason }));
}

/** One of Meta's errors, in our words where we have some. */
function reasonOf(error: unknown): Omit<MessageWarning, 'at'> {
  const { code, title, message, error_data } = objectOf(error);
  const number = Number.isInteger(code) ? (code as number) : null;
  const known = number !== null && isKnownError(number) ? lookupError({ code: number }).title : null;
  return {
    code: number ?? WITHOUT_REASON.code,
    title: known ?? textOf(title) ?? textOf(message) ?? WITHOUT_REASON.title,
    details: textOf(objectOf(error_data).details),
  };
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
