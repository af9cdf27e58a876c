import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { type Idempotency, IdempotencyKey } from '../idempotency-key.decorator.js';
import { SEND_MESSAGE_EXAMPLES } from '../send-message.examples.js';
import { BulkResponse } from './bulk.response.js';
import { SendMessagesDto } from './send-messages.dto.js';
import { SubmitBulkService } from './submit-bulk.service.js';

/** Many messages in one call. */
@ApiTags('messages')
@Controller('v1/messages/bulk')
export class MessagesBulkController {
  constructor(private readonly submitBulk: SubmitBulkService) {}

  /** Takes up to 1,000 messages in: once this answers 202, those that are accepted are durable, all of them together. */
  @Post()
  @HttpCode(202)
  @RequireScope('messages:write')
  @ApiOperation({ summary: 'Send many messages' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'One key for the whole request' })
  @ApiBody({
    type: SendMessagesDto,
    examples: {
      two: { value: { messages: [SEND_MESSAGE_EXAMPLES.text.value, SEND_MESSAGE_EXAMPLES.template.value] } },
    },
  })
  @ApiAcceptedResponse({ type: BulkResponse })
  @ApiProblems(
    'malformed_json',
    'body_too_large',
    'validation_failed',
    'invalid_idempotency_key',
    'idempotency_key_reused',
    'idempotency_in_progress',
  )
  async send(
    @Body() { messages }: SendMessagesDto,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotency: Idempotency | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkResponse> {
    const accepted = await this.submitBulk.submit(principal, messages, idempotency, request.id);
    if (accepted.isReplay) reply.header('idempotent-replayed', 'true');
    return BulkResponse.from(accepted);
  }
}
