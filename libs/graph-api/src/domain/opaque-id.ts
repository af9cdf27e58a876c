/** One attempt, as it is named on the wire: the message's uuid and the attempt's number within the message, from 1. */
export interface AttemptName {
  messageId: string;
  attemptNo: number;
}

const OPAQUE_ID = /^a1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,4})$/;
/** The attempt number is a Postgres smallint. */
const MAX_ATTEMPT_NO = 32_767;

/** `biz_opaque_callback_data` of an attempt: `a1.<message uuid>.<attempt no>`. Meta echoes it in every status. */
export function attemptId(messageId: string, attemptNo: number): string {
  return `a1.${messageId}.${attemptNo}`;
}

/** The attempt that an echoed `biz_opaque_callback_data` names, or null when the value is not one of ours. */
export function parseAttemptId(text: string): AttemptName | null {
  const [, messageId, digits] = OPAQUE_ID.exec(text) ?? [];
  if (messageId === undefined || Number(digits) > MAX_ATTEMPT_NO) return null;
  return { messageId, attemptNo: Number(digits) };
}
