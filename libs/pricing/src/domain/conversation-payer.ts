/** A delivered message of a conversation of the historic model. */
export interface ConversationMember {
  wamid: string;
  conversationId: string;
  /** UNIX seconds of its first delivered or read. */
  chargedAt: number;
}

/**
 * The wamids that pay: of each conversation the message that was delivered first, which opened it, and of several of one second
 * the one of the least wamid. It does not matter in which order they became known.
 * @param members all that are known of these conversations
 */
export function payersOf(members: readonly ConversationMember[]): ReadonlySet<string> {
  const payers = new Map<string, ConversationMember>();
  for (const member of members) {
    const first = payers.get(member.conversationId);
    if (first === undefined || isEarlier(member, first)) payers.set(member.conversationId, member);
  }
  return new Set([...payers.values()].map(({ wamid }) => wamid));
}

const isEarlier = (a: ConversationMember, b: ConversationMember) =>
  a.chargedAt < b.chargedAt || (a.chargedAt === b.chargedAt && a.wamid < b.wamid);
