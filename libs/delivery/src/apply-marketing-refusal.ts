import { chooseMarketing, contactForms, contactKey, identifyContacts } from '#contacts';
import { lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { planMarketingHold, type StandingHold } from './domain/hold-policy.js';
import { holdName, type HoldTarget, readHolds, setHolds } from './queries/hold.query.js';

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
  const targets = await targetsOf(
    tx,
    refusals.filter(({ code }) => code !== MARKETING_STOPPED),
  );
  const standing = await readHolds(tx, targets);
  const standingOf = new Map<string, StandingHold>();
  for (const target of targets) {
    const own = standing.get(holdName(target));
    if (own !== undefined && own.step >= (standingOf.get(target.contact)?.step ?? 0))
      standingOf.set(target.contact, own);
  }
  await setHolds(
    tx,
    targets.map((target) => ({
      ...{ scope: target.scope, scopeId: target.scopeId },
      ...planMarketingHold(standingOf.get(target.contact) ?? null),
      ...{ reason: lookupError({ code: target.code }).title, errorCode: target.code },
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

/** A hold to set: one of the identifiers of a contact. */
interface MarketingTarget extends HoldTarget {
  code: number;
  /** The same for all identifiers of one contact. */
  contact: string;
}

/** Every identifier that these contacts have now, each once: a contact is held back whichever of them a message is written to. */
async function targetsOf(tx: Tx, refusals: readonly MarketingRefusal[]): Promise<MarketingTarget[]> {
  if (refusals.length === 0) return [];
  const known = await identifyContacts(
    tx,
    refusals.flatMap(({ phoneNumberId, recipient, at }, n) =>
      contactForms(recipient).map((identifier) => ({ n, phoneNumberId, identifier, at })),
    ),
  );
  const ofRefusal = Map.groupBy(known, ({ n }) => n);
  const targets = new Map<string, MarketingTarget>();
  for (const [n, { recipient, code }] of refusals.entries()) {
    const own = ofRefusal.get(n) ?? [];
    const contact = own.find(({ contactId }) => contactId !== null)?.contactKey ?? contactKey(recipient);
    const values = own.filter(({ heldUntil }) => heldUntil === null).map(({ value }) => value);
    for (const scopeId of [recipient, ...values].flatMap(contactForms))
      targets.set(scopeId, { scope: 'contact_marketing', scopeId, code, contact });
  }
  return [...targets.values()];
}
