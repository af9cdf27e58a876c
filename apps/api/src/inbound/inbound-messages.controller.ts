import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { FindInboundService, ListInboundService } from '#intake';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { RequestRefusedError } from '../http/request.errors.js';
import { InboundMessagePageResponse } from './inbound-message-page.response.js';
import { InboundMessageResponse } from './inbound-message.response.js';
import { InboundQueryDto } from './inbound-query.dto.js';
import { MarkReadDto } from './mark-read.dto.js';
import { MarkReadService } from './mark-read.service.js';
import { isWamid, WAMID_RULE } from './wamid.js';

/** A read receipt is kept and on its way. */
export class MarkedReadResponse {
  @ApiProperty({ enum: [true] })
  success!: true;
}

const WAMID_PARAM = { name: 'wamid', example: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' };

/** Messages that contacts sent to us, of the senders that the key may use. */
@ApiTags('inbound messages')
@Controller('v1/inbound-messages')
export class InboundMessagesController {
  constructor(
    private readonly service: MarkReadService,
    private readonly listInbound: ListInboundService,
    private readonly findInbound: FindInboundService,
  ) {}

  /** A page of messages, newest first by Meta's time. */
  @Get()
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Search messages of contacts' })
  @ApiOkResponse({ type: InboundMessagePageResponse })
  @ApiProblems('validation_failed', 'invalid_cursor')
  async list(
    @Query() query: InboundQueryDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<InboundMessagePageResponse> {
    return InboundMessagePageResponse.from(await this.listInbound.list(principal, query.toInput()));
  }

  /** One message. */
  @Get(':wamid')
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Look at a message of a contact' })
  @ApiParam(WAMID_PARAM)
  @ApiOkResponse({ type: InboundMessageResponse })
  @ApiProblems('validation_failed', 'inbound_message_not_found')
  async get(@Param('wamid') wamid: string, @CurrentPrincipal() principal: Principal): Promise<InboundMessageResponse> {
    checkWamid(wamid);
    return InboundMessageResponse.from(await this.findInbound.find(principal, wamid));
  }

  /** Marks a message, and all before it in its conversation, as read. Once this answers 202, the receipt is durable. */
  @Post(':wamid/read')
  @HttpCode(202)
  @RequireScope('messages:write')
  @ApiOperation({ summary: 'Mark a message of a contact as read' })
  @ApiParam(WAMID_PARAM)
  @ApiBody({
    type: MarkReadDto,
    required: false,
    examples: { typing: { value: { from: '800000000000001', typingIndicator: true } } },
  })
  @ApiAcceptedResponse({ type: MarkedReadResponse })
  @ApiProblems(
    'validation_failed',
    'sender_not_allowed',
    'unknown_sender',
    'sender_needed',
    'inbound_message_not_found',
  )
  async markRead(
    @Param('wamid') wamid: string,
    @Body() body: MarkReadDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MarkedReadResponse> {
    checkWamid(wamid);
    await this.service.markRead(principal, { wamid, from: body.from ?? null, typing: body.typingIndicator === true });
    return { success: true };
  }
}

function checkWamid(wamid: string): void {
  if (!isWamid(wamid)) throw new RequestRefusedError('validation_failed', `The wamid ${WAMID_RULE}`);
}
