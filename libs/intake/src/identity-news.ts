import { factsOfIdentity, type IdentityFact, type SenderFact } from '#contacts';
import { toldByStatus } from '#delivery';
import { identitiesOfChange, type InboundMessageItem, type OtherItem, type StatusItem } from '#graph-api';
import { toldAt } from '#messages';
import type { Arrived } from './domain/arrived.js';
import type { NamedAttempt } from './queries/resolve-attempts.query.js';

/** Items that tell who is who. */
export interface IdentityItems {
  inbound: readonly Arrived<InboundMessageItem>[];
  statuses: readonly Arrived<StatusItem>[];
  /** Calls, and choices of marketing. */
  others: readonly Arrived<OtherItem>[];
}

/**
 * What items tell of who is who.
 * @param attemptOf the attempt of ours that a status is about, with the recipient as it was written
 */
export function identityNews(
  { inbound, statuses, others }: IdentityItems,
  attemptOf: (item: StatusItem) => NamedAttempt | undefined,
): SenderFact[] {
  return [
    ...inbound.flatMap(({ item, inboxId, receivedAt }) =>
      ofSender(item, factsOfIdentity(item.identity, { at: toldAt(item, receivedAt), inboxId, isHeard: true })),
    ),
    ...statuses.flatMap((status) => toldByStatus(status, attemptOf(status.item))),
    ...others.flatMap(({ item, inboxId, receivedAt }) =>
      identitiesOfChange(item.raw).flatMap(({ timestamp, ...identity }) =>
        ofSender(item, factsOfIdentity(identity, { at: toldAt({ timestamp }, receivedAt), inboxId, isHeard: true })),
      ),
    ),
  ];
}

const ofSender = ({ phoneNumberId }: { phoneNumberId: string | null }, facts: readonly IdentityFact[]): SenderFact[] =>
  phoneNumberId === null ? [] : facts.map((fact) => ({ ...fact, phoneNumberId }));
