import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import type { StoredTemplate } from '#templates';
import { IsQueryNumber } from '../http/rules.js';
import { TakesUnknown } from '../http/validation.js';
import { UseTemplatesService } from '../templates/use-templates.service.js';
import { pickFields } from './cloud-node.js';
import { VERSION_PARAMETER } from './cloud-path.js';

const MAX_TEXT = 2_000;
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1_000;

/** Query of the list; what is not named narrows nothing, and what only Meta knows changes nothing. */
@TakesUnknown()
class CloudTemplateQueryDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  fields?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  name?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  status?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  category?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  language?: string;

  @ApiPropertyOptional()
  @IsQueryNumber(1, MAX_LIMIT)
  limit?: number;

  @ApiPropertyOptional({ description: 'Cursor of an earlier page' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  after?: string;
}

/** Meta's list of templates, as Herald has it. */
@ApiExcludeController()
@Controller(`${VERSION_PARAMETER}/:id/message_templates`)
export class CloudTemplatesController {
  constructor(private readonly templates: UseTemplatesService) {}

  /** A page of an account's templates. @throws TemplateNotFoundError for an account that is not the key's */
  @Get()
  @RequireScope('messages:read')
  async list(
    @Param('id') wabaId: string,
    @Query() query: CloudTemplateQueryDto,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, unknown>> {
    const { name = null, status = null, category = null, language = null } = query;
    const all = await this.templates.ofAccount(principal, wabaId, { name, status, category, language });
    const begin = query.after === undefined ? 0 : all.findIndex(({ id }) => id === idOfCursor(query.after)) + 1;
    const end = begin + (query.limit ?? DEFAULT_LIMIT);
    const page = all.slice(begin, end);
    const [first, last] = [page[0], page.at(-1)];
    return {
      data: page.map((template) => pickFields(templateNode(template), query.fields)),
      ...(first === undefined || last === undefined
        ? {}
        : {
            paging: {
              cursors: { before: cursorOf(first), after: cursorOf(last) },
              ...(end < all.length ? { next: addressAfter(last, request) } : {}),
            },
          }),
    };
  }
}

/** The address of the next page, by which many clients go on. */
function addressAfter(last: StoredTemplate, { url, protocol, host }: FastifyRequest): string {
  const next = new URL(url, `${protocol}://${host}`);
  next.searchParams.set('after', cursorOf(last));
  return next.href;
}

const cursorOf = ({ id }: StoredTemplate) => Buffer.from(id).toString('base64url');
const idOfCursor = (cursor: string | undefined) => Buffer.from(cursor ?? '', 'base64url').toString();

/** A template in Meta's shape. */
const templateNode = (template: StoredTemplate): Record<string, unknown> => ({
  name: template.name,
  parameter_format: template.parameterFormat,
  components: template.components ?? [],
  language: template.language,
  status: template.status,
  category: template.category,
  ...(template.quality === null ? {} : { quality_score: { score: template.quality } }),
  ...(template.ttlSeconds === null ? {} : { message_send_ttl_seconds: template.ttlSeconds }),
  id: template.id,
});
