import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { FindMessageService, ListMessagesService, ReadTimelineService } from '#messages';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { AcceptedMessageResponse } from './accepted-message.response.js';
import { type Idempotency, IdempotencyKey } from './idempotency-key.decorator.js';
import { MessagePageResponse } from './message-page.response.js';
import { MessageQueryDto } from './message-query.dto.js';
import { MESSAGE_REFERENCE, MessageReferencePipe } from './message-reference.pipe.js';
import { MessageResponse } from './message.response.js';
import { SendMessageDto } from './send-message.dto.js';
import { SEND_MESSAGE_EXAMPLES } from './send-message.examples.js';
import { SubmitMessageService } from './submit-message.service.js';
import { TimelineResponse } from './timeline.response.js';

/** Messages: send one, search, look at one. Always those of the key's own client, whatever its scopes. */
@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly submitMessage: SubmitMessageService,
    private readonly listMessages: ListMessagesService,
    private readonly findMessage: FindMessageService,
    private readonly readTimeline: ReadTimelineService,
  ) {}

  /** Takes a message in: once this answers 202, it is durable. */
  @Post()
  @HttpCode(202)
  @RequireScope('messages:write')
  @ApiOperation({ summary: 'Send a message' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      '1 to 255 visible ASCII characters. The same request with the same key gets the first answer again, with Idempotent-Replayed: true',
  })
  @ApiBody({ type: SendMessageDto, examples: SEND_MESSAGE_EXAMPLES })
  @ApiAcceptedResponse({ type: AcceptedMessageResponse })
  @ApiProblems(
    'malformed_json',
    'body_too_large',
    'sender_not_allowed',
    'validation_failed',
    'unknown_sender',
    'invalid_schedule',
    'recipient_opted_out',
    'template_not_found',
    'template_not_approved',
    'template_paused',
    'template_disabled',
    'template_not_marketing',
    'template_parameter_count',
    'template_parameter_format',
    'invalid_idempotency_key',
    'idempotency_key_reused',
    'idempotency_in_progress',
    'client_reference_used',
  )
  async send(
    @Body() body: SendMessageDto,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotency: Idempotency | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    const accepted = await this.submitMessage.submit(principal, body.toInput(), idempotency);
    if (accepted.isReplay) reply.header('idempotent-replayed', 'true');
    return accepted.body;
  }

  /** A page of the client's messages, newest first. */
  @Get()
  @RequireScope('messages:read')
  @ApiOperation({ summary: 'Search messages' })
  @ApiOkResponse({ type: MessagePageResponse })
  @ApiProblems('validation_failed', 'invalid_cursor')
  async list(@Query() query: MessageQueryDto, @CurrentPrincipal() principal: Principal): Promise<MessagePageResponse> {
    return MessagePageResponse.from(await this.listMessages.list(principal, query.toInput()));
  }

  /** One message of the client. */
  @Get(':id')
  @RequireScope('messages:read')
  @ApiOperation({ summary: 'Look at a message' })
  @ApiParam(MESSAGE_REFERENCE)
  @ApiOkResponse({ type: MessageResponse })
  @ApiProblems('message_not_found')
  async get(
    @Param('id', MessageReferencePipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageResponse> {
    return MessageResponse.from(await this.findMessage.find(principal, id));
  }

  /** Every event, attempt and status of one message, with who and why. */
  @Get(':id/timeline')
  @RequireScope('messages:read')
  @ApiOperation({ summary: 'Tell the life of a message' })
  @ApiParam(MESSAGE_REFERENCE)
  @ApiOkResponse({ type: TimelineResponse })
  @ApiProblems('message_not_found')
  async timeline(
    @Param('id', MessageReferencePipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TimelineResponse> {
    return TimelineResponse.from(await this.readTimeline.read(principal, id));
  }
}
