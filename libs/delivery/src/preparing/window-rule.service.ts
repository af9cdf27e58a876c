import { Injectable } from '@nestjs/common';
import { WindowService } from '#conversations';
import { needsWindow } from '../domain/window-rule.js';
import type { ClaimedMessage } from '../queries/claim-due-messages.query.js';

/** The send rule of the customer service window, for messages that are about to be sent. */
@Injectable()
export class WindowRuleService {
  constructor(private readonly windows: WindowService) {}

  /** @returns ids of those that may not go out as they are: free-form, and the window is closed. Never rejects. */
  async closedAmong(messages: readonly ClaimedMessage[]): Promise<ReadonlySet<string>> {
    const concerned = messages.filter(needsWindow);
    const views = await this.windows.statesOf(concerned);
    return new Set(
      concerned.filter((_message, index) => views[index]?.sendable === 'closed').map(({ messageId }) => messageId),
    );
  }
}
