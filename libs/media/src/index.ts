export { type MediaKind, MAX_MEDIA_BYTES } from './domain/media-kind.js';
export type { MediaAsset, MediaState, StoredAsset } from './media-asset.js';
export { MediaLibrary } from './media-library.js';
export {
  MediaEmptyError,
  MediaExpiredError,
  MediaNotFoundError,
  MediaNotReadyError,
  MediaRefusedError,
  MediaTooLargeError,
  MediaTypeRefusedError,
} from './media.errors.js';
export { MediaModule } from './media.module.js';
export { NoteUseService, type WaitingMessage } from './note-use.service.js';
export { type IncomingMedia, type ReceivedMedia, ReceiveMediaService } from './receive-media.service.js';
export {
  type FoundMedia,
  type MessageToSend,
  type PreparedMessage,
  SendableMediaService,
} from './sendable-media.service.js';
export { type FileForMeta, UploadToMetaService } from './upload-to-meta.service.js';
export { type FetchedLinks, FetchLinksService, type LinkedMessage } from './links/fetch-links.service.js';
export { FetchMediaService } from './fetch-media.service.js';
export { deleteInboundMedia } from './queries/delete-inbound-media.query.js';
export { deleteSentMedia } from './queries/delete-sent-media.query.js';
export { keepInboundMedia } from './keep-inbound-media.js';
export { SweepMediaService } from './sweep-media.service.js';
