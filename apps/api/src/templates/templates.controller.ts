import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { CreateTemplateDto, EditTemplateDto, SyncTemplatesDto, TemplateQueryDto } from './template.dto.js';
import { TemplateListResponse, TemplateResponse, TemplateSyncResponse } from './template.response.js';
import { UseTemplatesService } from './use-templates.service.js';

const BODY = { type: 'BODY', text: 'Order {{1}} is ready.', example: { body_text: [['4711']] } };
const CREATE_EXAMPLES = {
  utility: {
    summary: 'A template with one variable',
    value: {
      from: '800000000000001',
      template: { name: 'order_ready', language: 'en_US', category: 'UTILITY', components: [BODY] },
    },
  },
};
const EDIT_EXAMPLES = { body: { summary: 'Another text', value: { template: { components: [BODY] } } } };
const SYNC_EXAMPLES = { sender: { summary: 'The account of a sender', value: { from: '800000000000001' } } };

/** Message templates. A key sees and changes those of the accounts that its senders belong to. */
@ApiTags('templates')
@Controller('v1/templates')
@RequireScope('templates')
export class TemplatesController {
  constructor(private readonly templates: UseTemplatesService) {}

  /** The templates as they were read from Meta last, and as its webhooks changed them since. */
  @Get()
  @ApiOperation({ summary: 'List templates' })
  @ApiOkResponse({ type: TemplateListResponse })
  @ApiProblems('validation_failed', 'sender_not_allowed', 'unknown_sender')
  async list(
    @Query() query: TemplateQueryDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateListResponse> {
    const { from = null, name = null, language = null, status = null, category = null } = query;
    const templates = await this.templates.list(principal, from, { name, language, status, category });
    return TemplateListResponse.from(templates);
  }

  /** Creates a template at Meta, which reviews it. */
  @Post()
  @ApiOperation({ summary: 'Create a template' })
  @ApiBody({ type: CreateTemplateDto, examples: CREATE_EXAMPLES })
  @ApiCreatedResponse({ type: TemplateResponse })
  @ApiProblems('validation_failed', 'sender_not_allowed', 'unknown_sender', 'template_refused', 'graph_unavailable')
  async create(@Body() body: CreateTemplateDto, @CurrentPrincipal() principal: Principal): Promise<TemplateResponse> {
    return TemplateResponse.from(await this.templates.create(principal, body.from, body.template));
  }

  /** Reads the templates of an account from Meta now. */
  @Post('sync')
  @HttpCode(200)
  @ApiOperation({ summary: 'Read an account’s templates' })
  @ApiBody({ type: SyncTemplatesDto, examples: SYNC_EXAMPLES })
  @ApiOkResponse({ type: TemplateSyncResponse })
  @ApiProblems('validation_failed', 'sender_not_allowed', 'unknown_sender', 'graph_unavailable')
  async sync(
    @Body() { from }: SyncTemplatesDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateSyncResponse> {
    return Object.assign(new TemplateSyncResponse(), { count: await this.templates.sync(principal, from) });
  }

  /** One template. */
  @Get(':id')
  @ApiOperation({ summary: 'Look at a template' })
  @ApiParam({ name: 'id', description: 'Meta’s id' })
  @ApiOkResponse({ type: TemplateResponse })
  @ApiProblems('unknown_template')
  async get(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<TemplateResponse> {
    return TemplateResponse.from(await this.templates.get(principal, id));
  }

  /** Edits a template at Meta, which reviews it again; its messages wait until that is done. */
  @Patch(':id')
  @ApiOperation({ summary: 'Edit a template' })
  @ApiParam({ name: 'id', description: 'Meta’s id' })
  @ApiBody({ type: EditTemplateDto, examples: EDIT_EXAMPLES })
  @ApiOkResponse({ type: TemplateResponse })
  @ApiProblems('validation_failed', 'unknown_template', 'template_refused', 'graph_unavailable')
  async edit(
    @Param('id') id: string,
    @Body() body: EditTemplateDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateResponse> {
    return TemplateResponse.from(await this.templates.edit(principal, id, body.template));
  }

  /** Deletes one language of a template at Meta. Messages that still wait with it fail. */
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a template' })
  @ApiParam({ name: 'id', description: 'Meta’s id' })
  @ApiNoContentResponse()
  @ApiProblems('unknown_template', 'template_refused', 'graph_unavailable')
  async remove(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.templates.delete(principal, id);
  }
}
