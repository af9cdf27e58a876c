import { randomBytes } from 'node:crypto';
import { errorOfCode } from './domain/error-catalog.js';
import { listFixtures, readFixture } from './fixtures.js';

/** Meta's error body. */
export interface GraphErrorBody {
  error: {
    message: string;
    type: string;
    code: number;
    error_subcode?: number;
    is_transient?: boolean;
    error_data?: { messaging_product: string; details: string };
    fbtrace_id: string;
  };
}

/** An error as `statuses[].errors[]` shows it. */
export interface StatusError {
  code: number;
  title: string;
  message: string;
  error_data: { details: string };
  href: string;
}

interface FailedStatusFixture {
  entry: { changes: { value: { statuses: { errors: StatusError[] }[] } }[] }[];
}

const answers = new Map(
  numbered('graph', /^error_(\d+)\.json$/, (file) => readFixture<GraphErrorBody>(`graph/${file}`)),
);
const statusErrors = new Map(
  numbered('webhooks', /^status_failed_(\d+)\.json$/, (file) => {
    const fixture = readFixture<FailedStatusFixture>(`webhooks/${file}`);
    return fixture.entry[0]?.changes[0]?.value.statuses[0]?.errors[0];
  }),
);

/** The HTTP status and body of an error answer: the recorded shape where there is one. Details and message replace the recorded ones. */
export function graphError(
  code: number,
  details?: string,
  message?: string,
): { httpStatus: number; body: GraphErrorBody } {
  const { httpStatus, title } = errorOfCode(code);
  const recorded = answers.get(code)?.error ?? { message: `(#${code}) ${title}`, type: 'OAuthException', code };
  const data = details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } };
  return {
    httpStatus,
    body: { error: { ...recorded, ...(message === undefined ? {} : { message }), ...data, fbtrace_id: newTraceId() } },
  };
}

/** The error of a `failed` status: the recorded one where there is one. */
export function statusError(code: number): StatusError {
  const { title } = errorOfCode(code);
  const href = '/documentation/business-messaging/whatsapp/support/error-codes';
  return statusErrors.get(code) ?? { code, title, message: title, error_data: { details: title }, href };
}

/** A trace id in Meta's form. */
export function newTraceId(): string {
  return `A${randomBytes(11).toString('hex').toUpperCase()}`;
}

function numbered<T>(folder: string, name: RegExp, read: (file: string) => T): [number, T][] {
  return listFixtures(folder).flatMap((file) => {
    const code = name.exec(file)?.[1];
    return code === undefined ? [] : [[Number(code), read(file)] as [number, T]];
  });
}
