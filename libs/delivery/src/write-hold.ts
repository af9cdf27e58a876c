import { lookupError, type SendOutcome } from '#graph-api';
import type { Tx } from '#persistence';
import { holdTarget, type HoldToSet, planHold, type SendPlace } from './domain/hold-policy.js';
import { openAlert } from './queries/alert.query.js';
import { readHold, setHold } from './queries/hold.query.js';

/** What asks for a hold: a throttled answer, or the same error in a `failed` status. */
export type HoldCause = Pick<
  Extract<SendOutcome, { kind: 'throttled' }>,
  'action' | 'code' | 'scope' | 'retryAfterMs' | 'waitMs'
> & { title: string; httpStatus?: number };

/** Kind of the alert that goes with a pause. */
export const PAUSED = 'sending_paused';

/**
 * Sets the hold that an error asks for, and for a pause the alert that goes with it, in the transaction of the caller.
 * @returns the hold, or null when the error holds nothing but its own message
 */
export async function writeHold(tx: Tx, cause: HoldCause, place: SendPlace, random: number): Promise<HoldToSet | null> {
  const target = holdTarget(cause.scope, place);
  if (target === null) return null;
  const standing = await readHold(tx, target);
  const plan = planHold(cause, target.scope, standing, random);
  if (cause.action === 'RATE' && plan.waitMs === null) return plan; // paused already: that is the reason to show
  await setHold(tx, { ...target, ...plan, reason: cause.title, errorCode: cause.code });
  if (cause.action === 'PAUSE') {
    const { advice } = lookupError({ code: cause.code, httpStatus: cause.httpStatus });
    await openAlert(tx, { kind: PAUSED, ...target, advice });
  }
  return plan;
}
