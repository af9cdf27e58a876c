import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import type { MetaApi } from '#graph-api';
import { MarkReadService } from '../inbound/mark-read.service.js';
import { type Idempotency, IdempotencyKey } from '../messages/idempotency-key.decorator.js';
import { VERSION_PARAMETER } from './cloud-path.js';
import type { CloudRequest } from './cloud-request.js';
import { CloudBody } from './cloud-request.decorator.js';
import { type CloudAnswer, SubmitCloudMessageService } from './submit-cloud-message.service.js';

/** What a body of Meta's becomes: an accepted message, or a read receipt that is kept. */
type Outcome = CloudAnswer | { success: true };

/** Where a request comes in, and what came with it. */
interface Door {
  phoneNumberId: string;
  api: MetaApi;
  principal: Principal;
  idempotency: Idempotency | undefined;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Meta's own messages endpoints, for code that was written for them: its bodies, answers and errors; the token is one of our keys. */
@ApiExcludeController()
@Controller(`${VERSION_PARAMETER}/:id`)
@RequireScope('messages:write')
export class CloudMessagesController {
  constructor(
    private readonly submitMessage: SubmitCloudMessageService,
    private readonly receipts: MarkReadService,
  ) {}

  /** A message, or a read receipt. Once this answers 200, it is durable. */
  @Post('messages')
  @HttpCode(200)
  messages(
    @Param('id') phoneNumberId: string,
    @CloudBody() body: CloudRequest,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotency: Idempotency | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome> {
    return this.take(body, { phoneNumberId, api: 'messages', principal, idempotency, request, reply });
  }

  /** A marketing template through the Marketing Messages API. */
  @Post('marketing_messages')
  @HttpCode(200)
  marketingMessages(
    @Param('id') phoneNumberId: string,
    @CloudBody() body: CloudRequest,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotency: Idempotency | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Outcome> {
    return this.take(body, { phoneNumberId, api: 'marketing_messages', principal, idempotency, request, reply });
  }

  private async take(body: CloudRequest, door: Door): Promise<Outcome> {
    const { phoneNumberId, api, principal, idempotency, request, reply } = door;
    if (body.kind === 'read_receipt') {
      await this.receipts.markRead(principal, { wamid: body.wamid, from: phoneNumberId, typing: body.typing });
      return { success: true };
    }
    const { answer, isReplay } = await this.submitMessage.submit(principal, {
      phoneNumberId,
      api,
      to: body.to,
      message: body.message,
      headers: request.headers,
      idempotency,
    });
    if (isReplay) void reply.header('idempotent-replayed', 'true');
    return answer;
  }
}
