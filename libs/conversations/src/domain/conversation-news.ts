import type { StatusItem } from '#graph-api';
import { isHistoricModel, type NamedFact, readEnd, REFERRAL_ORIGIN, UNNAMED } from './meta-conversations.js';

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
  /** A status of the model before 2025-07: it names a conversation, or may say that a message of a named one arrived. */
  | ({ kind: 'historic'; wamid: string } & News)
  /** The contact is somebody else than was known; `contact` is its id. */
  | ({ kind: 'identified' } & News);

/** From Meta's `sent` on: a message that failed before, or of which nothing is known, is no answer. */
const ANSWERS = new Set(['sent', 'delivered', 'read', 'played']);
/** By then conversations had no price of their own in any time zone: no message that arrived later opened one. */
const HISTORIC_UNTIL = Date.UTC(2025, 6, 2);
/** Meta's clock may run ahead of ours by this much; what lies further ahead counts as now. */
const MAX_AHEAD_MS = 60_000;
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
  const answered = { kind: 'answered' as const, ...news };
  const { id: metaId, origin, expiresAtSeconds } = item.conversation ?? UNNAMED;
  const isHistoric = isHistoricModel(item.pricing?.model ?? null);
  if (metaId !== null && origin === REFERRAL_ORIGIN && !isHistoric)
    return [answered, { kind: 'named', ...news, wamid, metaId, origin, expiresAt: readEnd(expiresAtSeconds) }];
  const isConcerned = (isHistoric && metaId !== null && origin !== null) || second * 1_000 < HISTORIC_UNTIL;
  return isConcerned ? [answered, { kind: 'historic', ...news, wamid }] : [answered];
}

/** Whether it may make, or name, something beside a service conversation. */
export const concernsEntry = (news: ConversationNews) => news.kind !== 'heard' || news.isReferral;
