import { setImmediate as othersTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { AcceptBulkService, type AcceptedBulk, type BulkItem } from '#messages';
import { flawOfItem } from '../../http/flawed-items.js';
import { answerTo } from '../../http/problem.js';
import { refuseFlaw, RequestRefusedError } from '../../http/request.errors.js';
import { createValidationPipe } from '../../http/validation.js';
import type { Idempotency } from '../idempotency-key.decorator.js';
import { SendMessageDto } from '../send-message.dto.js';
import { SubmitMessageService } from '../submit-message.service.js';

/** How long items are checked in one go, ms, before other requests get their turn. */
const TURN_MS = 20;

/** Takes many messages from a caller: each is checked by itself, and what is in order is committed together. */
@Injectable()
export class SubmitBulkService {
  private readonly pipe = createValidationPipe();

  constructor(
    private readonly submitMessage: SubmitMessageService,
    private readonly acceptBulk: AcceptBulkService,
  ) {}

  /** @throws what AcceptBulkService throws, and the first error that is our own fault */
  async submit(
    principal: Principal,
    messages: readonly unknown[],
    idempotency: Idempotency | undefined,
    requestId: string,
  ): Promise<AcceptedBulk> {
    const describe = (error: unknown) => describeRefusal(error, requestId);
    const items: BulkItem[] = [];
    let turnEndsAt = performance.now() + TURN_MS;
    for (const message of messages) {
      items.push(await this.check(principal, message, describe));
      if (performance.now() < turnEndsAt) continue;
      await othersTurn();
      turnEndsAt = performance.now() + TURN_MS;
    }
    await this.submitMessage.keepFiles(items.flatMap((item) => ('request' in item ? [item.request] : [])));
    return this.acceptBulk.accept({ clientId: principal.clientId, items, idempotency, describe });
  }

  private async check(principal: Principal, message: unknown, describe: (error: unknown) => object): Promise<BulkItem> {
    try {
      if (typeof message !== 'object' || message === null || Array.isArray(message))
        throw new RequestRefusedError('body_not_object', 'A message must be a JSON object');
      const flaw = flawOfItem(message);
      if (flaw !== undefined) throw refuseFlaw(flaw);
      const dto = (await this.pipe.transform(message, { type: 'body', metatype: SendMessageDto })) as SendMessageDto;
      const request = dto.toInput();
      await this.submitMessage.check(principal, request);
      return { request };
    } catch (error) {
      return { refusal: describe(error) };
    }
  }
}

/** An item's refusal as the problem that the same message alone would get. @throws what is our own fault, for the whole request */
function describeRefusal(error: unknown, requestId: string): object {
  const { problem, isOurs } = answerTo(error, requestId);
  if (isOurs) throw error;
  const { instance: _instance, ...rest } = problem;
  return rest;
}
