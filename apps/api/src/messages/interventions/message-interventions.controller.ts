import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { MESSAGE_REFERENCE, MessageReferencePipe } from '../message-reference.pipe.js';
import { MessageResponse } from '../message.response.js';
import { InterveneService } from './intervene.service.js';
import { RedriveMessageDto } from './redrive-message.dto.js';
import { RedriveMessagesDto } from './redrive-messages.dto.js';
import { RedriveResponse } from './redrive.response.js';

const REDRIVE_EXAMPLES = {
  preview: { summary: 'Count first', value: { dryRun: true, errorCode: 131042 } },
  redrive: {
    summary: 'Then redrive',
    value: { dryRun: false, errorCode: 131042, because: 'the payment method works again' },
  },
};

/** What a client may still do to a message it has sent. Always those of the key's own client. */
@ApiTags('messages')
@Controller('v1/messages')
@RequireScope('messages:write')
export class MessageInterventionsController {
  constructor(private readonly intervene: InterveneService) {}

  /** Redrives messages that have ended, by filter; with dryRun only counts them. Each is sent as a new attempt of itself. */
  @Post('redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Redrive messages by filter, or count them' })
  @ApiBody({ type: RedriveMessagesDto, examples: REDRIVE_EXAMPLES })
  @ApiOkResponse({ type: RedriveResponse })
  @ApiProblems('validation_failed', 'invalid_schedule')
  async redriveSelected(
    @Body() body: RedriveMessagesDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RedriveResponse> {
    const { kinds, redriven } = await this.intervene.redriveSelected(principal, {
      selection: body.toSelection(principal),
      wish: body.toWish(principal),
      limit: body.dryRun ? 0 : body.most,
    });
    return RedriveResponse.from(kinds, redriven);
  }

  /** Takes a message back that waits to be sent. Cancelled once, it stays so: asking again is no error. */
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a message that waits' })
  @ApiParam(MESSAGE_REFERENCE)
  @ApiOkResponse({ type: MessageResponse })
  @ApiProblems('message_not_found', 'message_not_cancellable')
  async cancel(
    @Param('id', MessageReferencePipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageResponse> {
    return MessageResponse.from(await this.intervene.cancel(principal, id));
  }

  /** Has a message sent once more that failed or expired, as a new attempt of the same message. */
  @Post(':id/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Redrive a message that has ended' })
  @ApiParam(MESSAGE_REFERENCE)
  @ApiBody({
    type: RedriveMessageDto,
    required: false,
    examples: { why: { value: { because: 'the sender works again' } } },
  })
  @ApiOkResponse({ type: MessageResponse })
  @ApiProblems('validation_failed', 'message_not_found', 'message_not_redrivable', 'invalid_schedule')
  async redrive(
    @Param('id', MessageReferencePipe) id: string,
    @Body() body: RedriveMessageDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageResponse> {
    return MessageResponse.from(await this.intervene.redrive(principal, id, body.toWish(principal)));
  }
}
