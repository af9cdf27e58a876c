import { chooseMarketing } from '#contacts';
import { lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { planMarketingHold } from './domain/hold-policy.js';
import { readHold, setHold } from './queries/hold.query.js';

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
 * What a refusal of marketing means for messages to come (delivery protocol §4): 131049 holds later marketing to the contact, 131050
 * ends it for good. The same for the answer to a send and for a \`failed\` status.
 */
export async function applyMarketingRefusal(
  tx: Tx,
  { code, phoneNumberId, recipient, at }: MarketingRefusal,
): Promise<void> {
  if (code === MARKETING_STOPPED)
    return chooseMarketing(tx, [
      { phoneNumberId, contacts: [recipient], wantsMarketing: false, reason: 'meta_131050', chosenAt: at },
    ]);
  const target = { scope: 'contact_marketing', scopeId: recipient } as const;
  const plan = planMarketingHold(await readHold(tx, target));
  await setHold(tx, { ...target, ...plan, reason: lookupError({ code }).title, errorCode: code });
}
