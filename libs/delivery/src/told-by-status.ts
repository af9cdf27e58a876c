import { factsOfIdentity, factsOfRecipient, type SenderFact } from '#contacts';
import type { RecipientKind, StatusItem } from '#graph-api';
import { toldAt } from '#messages';

/** Whom a message of ours was written to, and as what. */
export interface WrittenTo {
  recipient: string;
  recipientKind: RecipientKind;
}

/** A status as it is stored while it waits for its message: those of before identities were read have none. */
type ToldStatus = Pick<StatusItem, 'phoneNumberId' | 'participant' | 'timestamp'> &
  Partial<Pick<StatusItem, 'identity'>>;

/** What a status tells of who is who. Whoever we wrote to is no contact yet by their number alone: there is nothing to join. */
export function toldByStatus(
  { item, inboxId, receivedAt }: { item: ToldStatus; inboxId: string; receivedAt: Date },
  written: WrittenTo | undefined,
): SenderFact[] {
  const { phoneNumberId, identity, participant } = item;
  if (phoneNumberId === null || identity === undefined) return [];
  const telling = { at: toldAt(item, receivedAt), inboxId, isHeard: false };
  const ofRecipient =
    written === undefined || written.recipientKind === 'group' || participant !== null
      ? []
      : factsOfRecipient(
          { kind: written.recipientKind === 'user' ? 'user_id' : 'phone', value: written.recipient },
          identity,
          telling,
        );
  const joining = factsOfIdentity(identity, telling).filter(({ link }) => link !== 'seen');
  return [...joining, ...ofRecipient].map((fact) => ({ ...fact, phoneNumberId }));
}
