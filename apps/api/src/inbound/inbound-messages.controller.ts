import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { RequestRefusedError } from '../http/request.errors.js';
import { MarkReadDto } from './mark-read.dto.js';
import { MarkReadService } from './mark-read.service.js';

/** A read receipt is kept and on its way. */
export class MarkedReadResponse {
  @ApiProperty({ enum: [true] })
  success!: true;
}

/** Printable ASCII, as all of Meta's ids. */
const WAMID = /^[\x21-\x7e]{1,512}$/;

/** Messages that contacts sent to us. */
@ApiTags('inbound messages')
@Controller('v1/inbound-messages')
export class InboundMessagesController {
  constructor(private readonly service: MarkReadService) {}

  /** Marks a message, and all before it in its conversation, as read. Once this answers 202, the receipt is durable. */
  @Post(':wamid/read')
  @HttpCode(202)
  @RequireScope('messages:write')
  @ApiOperation({ summary: 'Mark a message of a contact as read' })
  @ApiParam({ name: 'wamid', example: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' })
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
    if (!WAMID.test(wamid))
      throw new RequestRefusedError('validation_failed', 'The id of a message is 1 to 512 visible ASCII characters');
    await this.service.markRead(principal, { wamid, from: body.from ?? null, typing: body.typingIndicator === true });
    return { success: true };
  }
}
