import type { MediaAsset } from '#media';
import type { Sender } from '#senders';

/** A phone number in Meta's shape: what Herald knows of it without asking. */
export const phoneNumberNode = ({ phoneNumberId, displayNumber }: Sender): Record<string, unknown> => ({
  display_phone_number: displayNumber ?? undefined,
  platform_type: 'CLOUD_API',
  id: phoneNumberId,
});

/** A file in Meta's shape, its size a text as there. `url` gives its bytes to whoever has the key. */
export const mediaNode = (asset: MediaAsset, url: string): Record<string, unknown> => ({
  messaging_product: 'whatsapp',
  url,
  mime_type: asset.mimeType ?? undefined,
  sha256: asset.sha256 ?? undefined,
  file_size: asset.size?.toString(),
  id: asset.firstMetaId ?? asset.id,
});

/** The members that a `fields` parameter names, and `id`; all without one. */
export function pickFields(node: Record<string, unknown>, fields: string | undefined): Record<string, unknown> {
  const names = namesIn(fields);
  if (names === undefined) return node;
  const wanted = new Set(['id', ...names]);
  return Object.fromEntries(Object.entries(node).filter(([name]) => wanted.has(name)));
}

/** The names in a `fields` parameter; undefined without one. */
export const namesIn = (fields: string | undefined): string[] | undefined =>
  fields === undefined || fields === '' ? undefined : fields.split(',').map((field) => field.trim());
