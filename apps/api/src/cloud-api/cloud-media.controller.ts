import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { UploadMediaService } from '../media/upload-media.service.js';
import { VERSION_PARAMETER } from './cloud-path.js';

/** Meta's own upload of files. */
@ApiExcludeController()
@Controller(`${VERSION_PARAMETER}/:id/media`)
@RequireScope('media')
export class CloudMediaController {
  constructor(private readonly uploads: UploadMediaService) {}

  /** Uploads a file, streaming. Its id is the one that Meta gave; ours while Meta could not be reached. */
  @Post()
  @HttpCode(200)
  async upload(
    @Param('id') phoneNumberId: string,
    @Req() request: FastifyRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ id: string }> {
    const { id, firstMetaId } = await this.uploads.upload(principal, request, phoneNumberId);
    return { id: firstMetaId ?? id };
  }
}
