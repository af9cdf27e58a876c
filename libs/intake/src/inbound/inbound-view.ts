import { inboundOrigin, type Referral } from './domain/inbound-origin.js';
import { inboundText } from './domain/inbound-text.js';

/** A message that another one names. */
export interface NamedMessage {
  /** Ours of that message, if the reader's client sent it. */
  messageId: string | null;
  /** Meta's id of it. */
  waMessageId: string;
}

/** What a contact made of a message later. */
export interface InboundEdit {
  /** Meta's id of the edit. */
  wamid: string;
  /** What a person reads in it now. */
  text: string | null;
  /** The message as it is now, as Meta gave it. */
  content: object | null;
  /** Meta's time. */
  editedAt: Date;
}

/** A message of a contact, as readers see it. */
export interface InboundMessageView {
  wamid: string;
  /** Phone number id of the sender that got it. */
  sender: string;
  /** Digits, or a user id; null when Meta names nobody. */
  contact: string | null;
  profileName: string | null;
  /** Meta's word. */
  type: string;
  /** What a person reads in it; the content has it, too. Both are null once it was deleted. */
  text: string | null;
  /** The message as Meta gave it. */
  content: object | null;
  /** The last edit of it; null when there was none, or it was deleted. */
  edit: InboundEdit | null;
  /** Whether the contact forwarded it, and whether it has been many times. */
  forwarded: 'forwarded' | 'frequently_forwarded' | null;
  /** The ad or post that brought the contact. */
  referral: Referral | null;
  /** The file that it brought, by the id that `/v1/media` knows it under. */
  media: { id: string; state: string } | null;
  /** The message that it answers. */
  context: NamedMessage | null;
  /** The message that it reacts to, edits or revokes. */
  target: NamedMessage | null;
  /** Meta's time. */
  sentAt: Date;
  receivedAt: Date;
  /** When its contact deleted it; Meta's time. */
  deletedAt: Date | null;
}

/** A message of a contact as the read queries give it. */
export interface InboundRow {
  wamid: string;
  sender: string;
  contact: string;
  profileName: string | null;
  type: string;
  content: Record<string, unknown>;
  mediaId: string | null;
  mediaState: string | null;
  editWamid: string | null;
  editContent: Record<string, unknown> | null;
  editedAt: Date | null;
  contextWamid: string | null;
  contextMessageId: string | null;
  targetWamid: string | null;
  targetMessageId: string | null;
  sentAt: Date;
  receivedAt: Date;
  /** When its contact deleted it; Meta's time. */
  deletedAt: Date | null;
}

/** The view of a row. */
export function viewInbound(row: InboundRow): InboundMessageView {
  const { wamid, sender, contact, profileName, type, content, mediaId, mediaState, sentAt, receivedAt } = row;
  const { deletedAt } = row;
  return {
    wamid,
    sender,
    contact: contact === '' ? null : contact,
    profileName,
    type,
    text: deletedAt === null ? inboundText(content) : null,
    content: deletedAt === null ? content : null,
    edit: deletedAt === null ? editOf(row) : null,
    ...(deletedAt === null ? inboundOrigin(content) : { forwarded: null, referral: null }),
    media: mediaId === null || mediaState === null ? null : { id: mediaId, state: mediaState },
    context: named(row.contextMessageId, row.contextWamid),
    target: named(row.targetMessageId, row.targetWamid),
    sentAt,
    receivedAt,
    deletedAt,
  };
}

function editOf({ editWamid, editContent, editedAt }: InboundRow): InboundEdit | null {
  if (editWamid === null || editContent === null || editedAt === null) return null;
  const { message } = (editContent.edit ?? {}) as { message?: unknown };
  const content = typeof message === 'object' ? message : null;
  return { wamid: editWamid, text: inboundText(editContent), content, editedAt };
}

const named = (messageId: string | null, waMessageId: string | null): NamedMessage | null =>
  waMessageId === null ? null : { messageId, waMessageId };
