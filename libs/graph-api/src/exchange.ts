import type { Dispatcher } from 'undici';
import { parseAnswerDate } from './domain/answer-date.js';
import { parseRetryAfter } from './domain/retry-after.js';
import type { SendObservation } from './domain/send-outcome.js';

/** How long one request may take and how much of the answer is read. Instants are on the `performance.now()` clock. */
export interface ExchangeLimits {
  /** After this instant nothing is written any more. */
  writeByMs: number;
  /** After this instant the answer is no longer waited for. */
  answerByMs: number;
  maxAnswerBytes: number;
}

/** undici's own cause codes are capitals; anything else could carry content. */
const CAUSE = /^[A-Z][A-Z0-9_]{1,63}$/;

/**
 * Hands one request to the dispatcher, at most once to a socket, and reports what was seen. undici tells the handler
 * before it writes: whatever fails earlier was certainly not written, whatever fails later may have been. It says so a
 * second time should it ever want to write the request again, which is refused. Never rejects.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { writeByMs, answerByMs, maxAnswerBytes }: ExchangeLimits,
): Promise<SendObservation> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let answer: Omit<Extract<SendObservation, { kind: 'answered' }>, 'kind' | 'body'> | undefined;
    let isOver = false;
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    let timer = setTimeout(() => end('QUEUE_TIMEOUT'), msUntil(writeByMs));

    /** First call wins; without a `body` the exchange was cut short, for the reason `code`. */
    function end(code: string, body: string | null = null): void {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      if (answer) resolve({ kind: 'answered', ...answer, body });
      else resolve({ kind: controller ? 'lost' : 'not_written', code });
      if (body === null) controller?.abort(new Error(code));
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        if (!isOver && !controller && performance.now() <= writeByMs) {
          controller = started;
          clearTimeout(timer);
          timer = setTimeout(() => end('ANSWER_TIMEOUT'), msUntil(answerByMs));
          return;
        }
        end('WRITE_REFUSED');
        started.abort(new Error('WRITE_REFUSED'));
      },
      onResponseStart(_controller, httpStatus, headers) {
        if (httpStatus < 200) return;
        const nowMs = Date.now();
        answer = {
          httpStatus,
          retryAfterMs: parseRetryAfter(first(headers['retry-after']), nowMs),
          answeredAt: parseAnswerDate(first(headers.date), nowMs),
        };
      },
      onResponseData(_controller, chunk) {
        receivedBytes += chunk.length;
        if (receivedBytes > maxAnswerBytes) end('ANSWER_TOO_LONG');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        end('ENDED', Buffer.concat(chunks).toString('utf8'));
      },
      onResponseError(_controller, error) {
        end(causeOf(error));
      },
    };
    try {
      dispatcher.dispatch(request, handler);
    } catch (error) {
      end(causeOf(error));
    }
  });
}

const first = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function msUntil(instantMs: number): number {
  return Math.max(0, instantMs - performance.now());
}

function causeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && CAUSE.test(code) ? code : 'UNKNOWN_CAUSE';
}
