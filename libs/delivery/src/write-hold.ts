import { lookupError, type SendOutcome } from '#graph-api';
import type { Tx } from '#persistence';
import { holdTarget, type HoldToSet, planHolds, type SendPlace } from './domain/hold-policy.js';
import { type AlertToOpen, openAlerts } from './queries/alert.query.js';
import { holdName, type HoldTarget, readHolds, setHolds } from './queries/hold.query.js';

/** What asks for a hold: a throttled answer, or the same error in a `failed` status. */
export type HoldCause = Pick<
  Extract<SendOutcome, { kind: 'throttled' }>,
  'action' | 'code' | 'scope' | 'retryAfterMs' | 'waitMs'
> & { title: string; httpStatus?: number };

/** Kind of the alert that goes with a pause. */
export const PAUSED = 'sending_paused';

/** A hold that is asked for, and where. */
export interface HoldRequest {
  cause: HoldCause;
  place: SendPlace;
}

/**
 * Sets the holds that errors ask for, each once, and for pauses the alerts that go with them, in the transaction of the caller: as if they
 * came one after the other, in a fixed number of statements.
 * @returns the hold of each request, or null when its error holds nothing but its own message
 */
export async function writeHolds(
  tx: Tx,
  requests: readonly HoldRequest[],
  random: number,
): Promise<(HoldToSet | null)[]> {
  const asked = requests.map(({ cause, place }) => ({ cause, target: holdTarget(cause.scope, place) }));
  const groups = new Map<string, { target: HoldTarget; causes: HoldCause[]; indexes: number[] }>();
  for (const [index, { cause, target }] of asked.entries()) {
    if (target === null) continue;
    const group = groups.get(holdName(target)) ?? { target, causes: [], indexes: [] };
    group.causes.push(cause);
    group.indexes.push(index);
    groups.set(holdName(target), group);
  }
  const all = [...groups.values()];
  const standing = await readHolds(
    tx,
    all.map(({ target }) => target),
  );
  const plans: (HoldToSet | null)[] = requests.map(() => null);
  const holds = all.flatMap(({ target, causes, indexes }) => {
    const planned = planHolds(causes, target.scope, standing.get(holdName(target)) ?? null, random);
    for (const [n, index] of indexes.entries()) plans[index] = planned.plans[n] ?? null;
    if (planned.toSet === null) return [];
    const { hold, cause } = planned.toSet;
    return [{ ...target, ...hold, reason: cause.title, errorCode: cause.code }];
  });
  await setHolds(tx, holds);
  await openAlerts(
    tx,
    asked.flatMap(({ cause, target }) => (target === null || cause.action !== 'PAUSE' ? [] : [pauseOf(cause, target)])),
  );
  return plans;
}

function pauseOf({ code, httpStatus }: HoldCause, target: HoldTarget): AlertToOpen {
  return { kind: PAUSED, ...target, advice: lookupError({ code, httpStatus }).advice };
}

/** As `writeHolds`, for one. */
export async function writeHold(tx: Tx, cause: HoldCause, place: SendPlace, random: number): Promise<HoldToSet | null> {
  const [plan] = await writeHolds(tx, [{ cause, place }], random);
  return plan ?? null;
}
