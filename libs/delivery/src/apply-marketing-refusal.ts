import { chooseMarketing } from '#contacts';
import { lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { planMarketingHold } from './domain/hold-policy.js';
import { holdName, readHolds, setHolds } from './queries/hold.query.js';

/** Meta held marketing back to protect the contact from too much of it. */
const TOO_MUCH_MARKETING = 131049;
/** The contact has stopped marketing from this business. */
const MARKETING_STOPPED = 131050;

/** Whether Meta refuses marketing to the contact, and not only this message. */
export const isMarketingRefusal = (code: number): boolean => [TOO_MUCH_MARKETING, MARKETING_STOPPED].includes(code);

/** A message that Meta refused so. */
export interface MarketingRefusal {
  code: number;
  phoneNumberId: string;
  recipient: string;
  /** When its request was made: whoever let marketing begin again after it is not stopped by what comes late. */
  at: Date;
}

/**
 * What refusals of marketing mean for messages to come (delivery protocol §4): 131049 holds later marketing to the contact, 131050
 * ends it for good. The same for the answer to a send and for a `failed` status; however many there are, in a fixed number of statements.
 */
export async function applyMarketingRefusals(tx: Tx, refusals: readonly MarketingRefusal[]): Promise<void> {
  const tooMuch = refusals.filter(({ code }) => code !== MARKETING_STOPPED);
  const held = new Map(tooMuch.map(({ code, recipient }) => [recipient, code]));
  const targets = [...held].map(([scopeId, code]) => ({ scope: 'contact_marketing' as const, scopeId, code }));
  const standing = await readHolds(tx, targets);
  await setHolds(
    tx,
    targets.map(({ scope, scopeId, code }) => ({
      ...{ scope, scopeId },
      ...planMarketingHold(standing.get(holdName({ scope, scopeId })) ?? null),
      ...{ reason: lookupError({ code }).title, errorCode: code },
    })),
  );
  await chooseMarketing(
    tx,
    refusals
      .filter(({ code }) => code === MARKETING_STOPPED)
      .map(({ phoneNumberId, recipient, at }) => ({
        phoneNumberId,
        contacts: [recipient],
        wantsMarketing: false,
        reason: 'meta_131050',
        chosenAt: at,
      })),
  );
}
