import type { MetaMessage } from '#graph-api';
import { MEDIA_KINDS } from './media-kind.js';

type Json = Readonly<Record<string, unknown>>;
type Renamed = (id: string) => string;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Runs `change` on a member that is there, and leaves the object the very same when nothing changed. */
function within(value: unknown, member: string, change: (inner: unknown) => unknown): unknown {
  if (!isObject(value) || !Object.hasOwn(value, member)) return value;
  const changed = change(value[member]);
  return changed === value[member] ? value : { ...value, [member]: changed };
}

function each(value: unknown, change: (item: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const changed = value.map(change);
  return changed.some((item, index) => item !== value[index]) ? changed : (value as unknown[]);
}

/** The id of an `image`, `video` … beside it. */
const inHolder = (holder: unknown, rename: Renamed): unknown =>
  MEDIA_KINDS.reduce<unknown>(
    (changed, kind) =>
      within(changed, kind, (media) => within(media, 'id', (id) => (typeof id === 'string' ? rename(id) : id))),
    holder,
  );

const inComponents = (components: unknown, rename: Renamed): unknown =>
  each(components, (component) =>
    within(
      within(component, 'parameters', (parameters) => each(parameters, (parameter) => inHolder(parameter, rename))),
      'cards',
      (cards) => each(cards, (card) => within(card, 'components', (inner) => inComponents(inner, rename))),
    ),
  );

const inHeader = (holder: unknown, rename: Renamed) => within(holder, 'header', (header) => inHolder(header, rename));

/**
 * The message with every id of a media object renamed: of the message itself, of headers and cards of interactive messages, of
 * parameters and cards of templates. What a flow is given and whatever else a caller wrote is never touched; without a change it
 * is the very same object.
 */
export function renameMedia(message: MetaMessage, rename: Renamed): MetaMessage {
  const { type } = message;
  if ((MEDIA_KINDS as readonly unknown[]).includes(type)) return inHolder(message, rename) as MetaMessage;
  if (type === 'interactive')
    return within(message, 'interactive', (interactive) =>
      within(inHeader(interactive, rename), 'action', (action) =>
        within(action, 'cards', (cards) => each(cards, (card) => inHeader(card, rename))),
      ),
    ) as MetaMessage;
  if (type === 'template')
    return within(message, 'template', (template) =>
      within(template, 'components', (components) => inComponents(components, rename)),
    ) as MetaMessage;
  return message;
}

/** Every id of a media object, as `renameMedia` finds them. */
export function mediaIdsOf(message: MetaMessage): string[] {
  const ids = new Set<string>();
  renameMedia(message, (id) => {
    ids.add(id);
    return id;
  });
  return [...ids];
}
