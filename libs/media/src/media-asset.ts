import type { MediaKind } from './domain/media-kind.js';

/** receiving: bytes are on their way in. pending: of a contact, still to be fetched. expired: the bytes are kept no more. */
export type MediaState = 'receiving' | 'pending' | 'stored' | 'expired' | 'deleted';

/** A file of a sender: uploaded by a client, or sent by a contact. */
export interface MediaAsset {
  id: string;
  phoneNumberId: string;
  direction: 'upload' | 'inbound';
  state: MediaState;
  kind: MediaKind | null;
  mimeType: string | null;
  filename: string | null;
  /** Hex. */
  sha256: string | null;
  size: number | null;
  storageKey: string | null;
  /** Meta's id now; null: not uploaded yet. */
  metaId: string | null;
  /** The first id that Meta gave: its name on the drop-in routes. */
  firstMetaId: string | null;
  uploadedAt: Date | null;
  wamid: string | null;
  createdAt: Date;
  lastUsedAt: Date;
}

/** A file whose bytes are in the storage. */
export type StoredAsset = MediaAsset & {
  state: 'stored';
  kind: MediaKind;
  mimeType: string;
  sha256: string;
  size: number;
  storageKey: string;
};

/** The columns of an asset, as SELECT and RETURNING name them. */
export const ASSET_COLUMNS = `id, phone_number_id AS "phoneNumberId", direction, state, kind, mime_type AS "mimeType", filename, sha256,
  size_bytes::float8 AS size, storage_key AS "storageKey", meta_id AS "metaId", first_meta_id AS "firstMetaId", uploaded_at AS "uploadedAt",
  wamid, created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

export const isStored = (asset: MediaAsset): asset is StoredAsset => asset.state === 'stored';
