import { Injectable } from '@nestjs/common';
import { hasScope, type Principal, ScopeMissingError } from '#access';
import {
  CancelMessageService,
  type EndedCount,
  type EndedSelection,
  FindMessageService,
  type MessageView,
  RedriveMessagesService,
  type RedriveWish,
} from '#messages';

/** Cancels and redrives for a caller: only messages that the caller may see. */
@Injectable()
export class InterveneService {
  constructor(
    private readonly findMessage: FindMessageService,
    private readonly cancelMessage: CancelMessageService,
    private readonly redriveMessages: RedriveMessagesService,
  ) {}

  /** @throws MessageNotFoundError, MessageNotCancellableError */
  async cancel(principal: Principal, id: string): Promise<MessageView> {
    await this.findMessage.find(principal, id);
    await this.cancelMessage.cancel(id, principal.keyId);
    return this.findMessage.find(principal, id);
  }

  /** @throws MessageNotFoundError, MessageNotRedrivableError, ScopeMissingError */
  async redrive(principal: Principal, id: string, wish: RedriveWish): Promise<MessageView> {
    mayForce(principal, wish);
    await this.findMessage.find(principal, id);
    await this.redriveMessages.redriveOne(id, wish);
    return this.findMessage.find(principal, id);
  }

  /** @throws ScopeMissingError */
  async redriveSelected(
    principal: Principal,
    { selection, wish, limit }: { selection: EndedSelection; wish: RedriveWish; limit: number },
  ): Promise<{ kinds: EndedCount[]; redriven: number }> {
    mayForce(principal, wish);
    const kinds = await this.redriveMessages.preview(selection, selection.states);
    return { kinds, redriven: limit === 0 ? 0 : await this.redriveMessages.redriveSelected(selection, wish, limit) };
  }
}

function mayForce(principal: Principal, { isForced }: RedriveWish): void {
  if (isForced && !hasScope(principal, 'operations')) throw new ScopeMissingError('operations');
}
