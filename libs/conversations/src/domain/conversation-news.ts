import type { StatusItem } from '#graph-api';
import { type NamedFact, REFERRAL_ORIGIN } from './meta-conversations.js';

interface News {
  phoneNumberId: string;
  /** An identifier of the contact. */
  contact: string;
  at: Date;
}

/** Something was learnt of a contact that may open, move or close a conversation. The fact itself is stored by then, but for what Meta names. */
export type ConversationNews =
  | ({ kind: 'heard'; isReferral: boolean } & News)
  | ({ kind: 'answered' } & News)
  | ({ kind: 'named' } & News & NamedFact)
  /** The contact is somebody else than was known; `contact` is its id. */
  | ({ kind: 'identified' } & News);

/** From Meta's `sent` on: a message that failed before, or of which nothing is known, is no answer. */
const ANSWERS = new Set(['sent', 'delivered', 'read', 'played']);
/** Pricing models in which a conversation has an id of its own; later each message has. */
const CONVERSATION_MODELS = new Set(['CBP', 'NBP']);
/** Meta's clock may run ahead of ours by this much; what lies further ahead counts as now. */
const MAX_AHEAD_MS = 60_000;
/** 9999-12-31T23:59:59Z: the last second that is an instant for everybody. */
const MAX_SECOND = 253_402_300_799;
const PERSON = /^([0-9]{7,15}|[A-Z]{2}\..+)$/;

/**
 * What a status tells of conversations; nothing where it is about a group.
 * @param second of the status
 * @param receivedAt when it came
 */
export function newsOfStatus(item: StatusItem, second: number, receivedAt: Date): ConversationNews[] {
  const { phoneNumberId, recipient: contact, participant, status, wamid } = item;
  if (phoneNumberId === null || participant !== null || !ANSWERS.has(status) || !PERSON.test(contact)) return [];
  const news = { phoneNumberId, contact, at: new Date(Math.min(second * 1_000, receivedAt.getTime() + MAX_AHEAD_MS)) };
  const {
    id: metaId,
    origin,
    expiresAtSeconds,
  } = item.conversation ?? { id: null, origin: null, expiresAtSeconds: null };
  const isNamed = origin === REFERRAL_ORIGIN || CONVERSATION_MODELS.has(item.pricing?.model?.toUpperCase() ?? '');
  if (metaId === null || origin === null || !isNamed) return [{ kind: 'answered', ...news }];
  const isInstant = expiresAtSeconds !== null && expiresAtSeconds >= 0 && expiresAtSeconds <= MAX_SECOND;
  const expiresAt = isInstant ? new Date(expiresAtSeconds * 1_000) : null;
  return [
    { kind: 'answered', ...news },
    { kind: 'named', ...news, wamid, metaId, origin, expiresAt },
  ];
}
