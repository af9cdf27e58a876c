import { Controller, Delete, Get, HttpCode, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, hasScope, mayUseSender, type Principal, RequireScope, ScopeMissingError } from '#access';
import { MediaLibrary } from '#media';
import { SenderDirectory, ShowNumberService } from '#senders';
import { TakesUnknown } from '../http/validation.js';
import { mediaNode, namesIn, phoneNumberNode, pickFields } from './cloud-node.js';
import { VERSION_PARAMETER } from './cloud-path.js';

/** Query of a node. Meta has more parameters for each; those change nothing here. */
@TakesUnknown()
class NodeQueryDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  fields?: string;
}

/** Meta's nodes, which all stand at one address: phone numbers and files. */
@ApiExcludeController()
@Controller(`${VERSION_PARAMETER}/:id`)
export class CloudNodesController {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly library: MediaLibrary,
    private readonly numbers: ShowNumberService,
  ) {}

  /** A phone number, as Meta has it when it can be asked, or a file (scope media). @throws MediaNotFoundError for what is neither, or not for this key */
  @Get()
  @RequireScope('messages:read')
  async show(
    @Param('id') id: string,
    @Query() { fields }: NodeQueryDto,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, unknown>> {
    const sender = mayUseSender(principal, id) ? await this.senders.find(id) : null;
    if (sender !== null)
      return (await this.numbers.show(id, namesIn(fields))) ?? pickFields(phoneNumberNode(sender), fields);
    if (!hasScope(principal, 'media')) throw new ScopeMissingError('media');
    const asset = await this.library.find(id, principal.senders);
    const url = `${request.protocol}://${request.host}/v1/media/${encodeURIComponent(asset.id)}`;
    return pickFields(mediaNode(asset, url), fields);
  }

  /** Deletes a file, here and at Meta. */
  @Delete()
  @HttpCode(200)
  @RequireScope('media')
  async remove(@Param('id') id: string, @CurrentPrincipal() { senders }: Principal): Promise<{ success: true }> {
    await this.library.delete(await this.library.find(id, senders));
    return { success: true };
  }
}
