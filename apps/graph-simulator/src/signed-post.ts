import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { Dispatcher } from 'undici';

/** Meta's own limit is not published; this is the shortest that is reported. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Posts a webhook body signed with the app secret. Gives the HTTP status; null when no answer came. */
export async function postSigned(
  url: string,
  body: Buffer,
  appSecret: string,
  agent: Dispatcher,
): Promise<number | null> {
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return null;
  }
}
