/** What must have become of a sample in the end. */
export interface Ending {
  state: string;
  status: string | null;
  attempts: number;
  /** Meta's code, when it must have failed. */
  error?: number;
}

/** One message of the demo. */
export interface Sample {
  /** What it shows, in a few words. */
  name: string;
  to: string;
  /** In Meta's shape, without `messaging_product` and recipient. */
  message: { type: string } & Record<string, unknown>;
  /** Sent a second time with the same Idempotency-Key. */
  isRepeated?: boolean;
  expected: Ending;
}

/** The ending of a message that nothing stands in the way of. */
export const READ: Ending = { state: 'accepted', status: 'read', attempts: 1 };
