import type { MetaMessage } from '#graph-api';
import { messageIdOfWamid } from '#messages';

type Json = Readonly<Record<string, unknown>>;
type Renamed = (reference: string) => string;

/** The members of a message that name another message. */
const HOLDERS = ['context', 'reaction', 'pin'] as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The message of ours that a reference names: by its UUID, or by the id of the drop-in API; null for Meta's wamids. */
export const ourMessageId = (reference: string): string | null =>
  UUID.test(reference) ? reference.toLowerCase() : messageIdOfWamid(reference);

/** The message with every reference to another message renamed; the very same object when nothing changes. */
export function renameTargets(message: MetaMessage, rename: Renamed): MetaMessage {
  return HOLDERS.reduce<MetaMessage>((changed, holder) => {
    const inner = changed[holder] as Json | null | undefined;
    const reference = typeof inner === 'object' && inner !== null ? inner['message_id'] : undefined;
    if (typeof reference !== 'string') return changed;
    const name = rename(reference);
    return name === reference ? changed : { ...changed, [holder]: { ...inner, message_id: name } };
  }, message);
}

/** Ids of the messages of ours that a message names. */
export function targetsOf(message: MetaMessage): string[] {
  const ids = new Set<string>();
  renameTargets(message, (reference) => {
    const id = ourMessageId(reference);
    if (id !== null) ids.add(id);
    return reference;
  });
  return [...ids];
}
