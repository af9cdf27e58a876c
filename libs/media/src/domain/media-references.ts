import type { MetaMessage } from '#graph-api';
import { MEDIA_KINDS } from './media-kind.js';

type Json = Readonly<Record<string, unknown>>;
type Rewritten = (media: Json) => Json;

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

/** The `image`, `video` … of a holder. */
const inHolder = (holder: unknown, rewrite: Rewritten): unknown =>
  MEDIA_KINDS.reduce<unknown>(
    (changed, kind) => within(changed, kind, (media) => (isObject(media) ? rewrite(media) : media)),
    holder,
  );

const inComponents = (components: unknown, rewrite: Rewritten): unknown =>
  each(components, (component) =>
    within(
      within(component, 'parameters', (parameters) => each(parameters, (parameter) => inHolder(parameter, rewrite))),
      'cards',
      (cards) => each(cards, (card) => within(card, 'components', (inner) => inComponents(inner, rewrite))),
    ),
  );

const inHeader = (holder: unknown, rewrite: Rewritten) =>
  within(holder, 'header', (header) => inHolder(header, rewrite));

/**
 * The message with every media object rewritten: of the message itself, of headers and cards of interactive messages, of
 * parameters and cards of templates. What a flow is given and whatever else a caller wrote is never touched; without a change it
 * is the very same object.
 */
function rewriteMedia(message: MetaMessage, rewrite: Rewritten): MetaMessage {
  const { type } = message;
  if ((MEDIA_KINDS as readonly unknown[]).includes(type)) return inHolder(message, rewrite) as MetaMessage;
  if (type === 'interactive')
    return within(message, 'interactive', (interactive) =>
      within(inHeader(interactive, rewrite), 'action', (action) =>
        within(action, 'cards', (cards) => each(cards, (card) => inHeader(card, rewrite))),
      ),
    ) as MetaMessage;
  if (type === 'template')
    return within(message, 'template', (template) =>
      within(template, 'components', (components) => inComponents(components, rewrite)),
    ) as MetaMessage;
  return message;
}

/** The message with every id of a media object renamed; the very same object when nothing changes. */
export const renameMedia = (message: MetaMessage, rename: (id: string) => string): MetaMessage =>
  rewriteMedia(message, (media) => {
    const { id } = media;
    // Meta takes its ids as numbers, too.
    if (typeof id !== 'string' && typeof id !== 'number') return media;
    const name = rename(String(id));
    return name === String(id) ? media : { ...media, id: name };
  });

/** The message with links in media objects replaced by ids, where `idOf` knows one. */
export const replaceLinks = (message: MetaMessage, idOf: (link: string) => string | undefined): MetaMessage =>
  rewriteMedia(message, (media) => {
    const { link, ...rest } = media;
    const id = typeof link === 'string' ? idOf(link) : undefined;
    return id === undefined ? media : { ...rest, id };
  });

/** Every id of a media object, as `renameMedia` finds them. */
export function mediaIdsOf(message: MetaMessage): string[] {
  const ids = new Set<string>();
  renameMedia(message, (id) => {
    ids.add(id);
    return id;
  });
  return [...ids];
}

/** Every link of a media object, as `replaceLinks` finds them. */
export function mediaLinksOf(message: MetaMessage): string[] {
  const links = new Set<string>();
  replaceLinks(message, (link) => {
    links.add(link);
    return undefined;
  });
  return [...links];
}
