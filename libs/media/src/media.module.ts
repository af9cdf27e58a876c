import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { GraphMedia } from '#graph-api';
import { SendersModule } from '#senders';
import { FetchMediaService } from './fetch-media.service.js';
import { FetchLinksService } from './links/fetch-links.service.js';
import { LinkDownloader } from './links/link-downloader.js';
import { MediaLibrary } from './media-library.js';
import { NoteUseService } from './note-use.service.js';
import { ReceiveMediaService } from './receive-media.service.js';
import { SendableMediaService } from './sendable-media.service.js';
import { MediaStorage } from './storage/media-storage.js';
import { openStorage } from './storage/open-storage.js';
import { SweepMediaService } from './sweep-media.service.js';
import { UploadToMetaService } from './upload-to-meta.service.js';

const openGraph = (environment: Environment) =>
  new GraphMedia({
    baseUrl: environment.GRAPH_API_BASE_URL,
    version: environment.GRAPH_API_VERSION,
    connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
    idleTimeoutMs: environment.GRAPH_TIMEOUT_MS,
  });

const openDownloader = (environment: Environment) =>
  new LinkDownloader({
    privateHosts: environment.MEDIA_LINK_PRIVATE_HOSTS,
    connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
    idleTimeoutMs: environment.GRAPH_TIMEOUT_MS,
  });

/** Files of messages: taken in, kept, given to Meta, and removed. */
@Module({
  imports: [SendersModule],
  providers: [
    { provide: GraphMedia, useFactory: openGraph, inject: [Environment] },
    { provide: LinkDownloader, useFactory: openDownloader, inject: [Environment] },
    { provide: MediaStorage, useFactory: openStorage, inject: [Environment] },
    FetchLinksService,
    FetchMediaService,
    MediaLibrary,
    NoteUseService,
    ReceiveMediaService,
    SendableMediaService,
    SweepMediaService,
    UploadToMetaService,
  ],
  exports: [
    FetchLinksService,
    FetchMediaService,
    MediaLibrary,
    NoteUseService,
    ReceiveMediaService,
    SendableMediaService,
    SweepMediaService,
  ],
})
export class MediaModule {}
