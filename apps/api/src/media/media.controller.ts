import { Controller, Delete, Get, HttpCode, Param, Post, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { MediaLibrary } from '#media';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { MediaResponse } from './media.response.js';
import { UploadMediaService } from './upload-media.service.js';

const FORM = {
  type: 'object',
  required: ['from', 'file'],
  properties: {
    from: { type: 'string', description: 'Phone number id of the sender; must come before the file' },
    type: { type: 'string', description: 'Media type, if the part of the file does not say the right one' },
    file: { type: 'string', format: 'binary' },
  },
};

/** Files of messages: upload once, send by id. A key sees those of the senders that it may use. */
@ApiTags('media')
@Controller('v1/media')
@RequireScope('media')
export class MediaController {
  constructor(
    private readonly uploads: UploadMediaService,
    private readonly library: MediaLibrary,
  ) {}

  /** Uploads a file for a sender, streaming. The same bytes again are the same file. */
  @Post()
  @ApiOperation({ summary: 'Upload a file' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FORM })
  @ApiCreatedResponse({ type: MediaResponse })
  @ApiProblems(
    'validation_failed',
    'sender_not_allowed',
    'unknown_sender',
    'unsupported_media_type',
    'media_type_refused',
    'media_empty',
    'media_too_large',
    'media_refused',
  )
  async upload(@Req() request: FastifyRequest, @CurrentPrincipal() principal: Principal): Promise<MediaResponse> {
    return MediaResponse.from(await this.uploads.upload(principal, request));
  }

  /** The bytes of a file, uploaded or sent by a contact; by our id or the first that Meta gave it. */
  @Get(':id')
  @ApiOperation({ summary: 'Download a file' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ content: { '*/*': { schema: { type: 'string', format: 'binary' } } } })
  @ApiProblems('media_not_found', 'media_not_ready', 'media_expired', 'media_bytes_missing')
  async download(@Param('id') id: string, @CurrentPrincipal() { senders }: Principal): Promise<StreamableFile> {
    const { asset, content } = await this.library.open(await this.library.find(id, senders));
    return new StreamableFile(content, {
      type: asset.mimeType,
      length: asset.size,
      // Never shown by a browser as a page of ours.
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(asset.filename ?? asset.id)}`,
    });
  }

  /** What is known of a file. */
  @Get(':id/metadata')
  @ApiOperation({ summary: 'Look at a file' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ type: MediaResponse })
  @ApiProblems('media_not_found')
  async show(@Param('id') id: string, @CurrentPrincipal() { senders }: Principal): Promise<MediaResponse> {
    return MediaResponse.from(await this.library.find(id, senders));
  }

  /** Deletes a file, here and at Meta. Messages that still wait with it fail with `media_deleted`. */
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a file' })
  @ApiParam({ name: 'id' })
  @ApiNoContentResponse()
  @ApiProblems('media_not_found')
  async remove(@Param('id') id: string, @CurrentPrincipal() { senders }: Principal): Promise<void> {
    await this.library.delete(await this.library.find(id, senders));
  }
}
