import { Injectable } from '@nestjs/common';
import { WindowService, type WindowView } from '#conversations';
import { EstimateService, viewEstimate } from '#pricing';
import { goesAsFallback } from './domain/goes-as-fallback.js';
import type { NewMessage } from './queries/insert-messages.query.js';

/** What is known of messages as they come in: the forecast is told to their clients and refuses none. */
@Injectable()
export class ForecastMessagesService {
  constructor(
    private readonly windows: WindowService,
    private readonly estimates: EstimateService,
  ) {}

  /** Those of these messages whose fallback is what goes if they are sent now. One statement, and none for no messages. Never rejects. */
  async fallingBack(messages: readonly NewMessage[]): Promise<NewMessage[]> {
    const views = await this.windows.statesOf(messages);
    const now = new Date();
    return messages.filter((message, index) => goesAsFallback(message, views[index]?.sendable ?? 'unknown', now));
  }

  /**
   * The same messages, each with its customer service window as it is now in the response that its client gets, and with an
   * estimate of what it costs. One statement for all of them. Never rejects.
   */
  async forecast(messages: readonly NewMessage[]): Promise<NewMessage[]> {
    const views = await this.windows.statesOf(messages);
    const now = new Date();
    const estimates = await this.estimates.estimatesOf(
      messages.map((message, index) => ({ ...message, ...plannedWindow(message, views[index], now) })),
    );
    return messages.map((message, index) => {
      const estimate = estimates[index] ?? null;
      const window = views[index]?.name ?? 'unknown';
      return { ...message, estimate, response: { ...message.response, window, estimate: viewEstimate(estimate) } };
    });
  }
}

/** The window as the send rule will find it when the message is to be sent, if its contact does not write until then. */
function plannedWindow({ sendAt, categorySource }: NewMessage, view: WindowView | undefined, now: Date) {
  const plannedAt = sendAt === null || sendAt < now ? now : sendAt;
  const isOver = view?.sendable === 'open' && (view.sendableUntil ?? now) < plannedAt;
  return {
    sendAt: plannedAt,
    window: isOver ? ('closed' as const) : (view?.sendable ?? 'unknown'),
    isFreeEntryPoint: view?.freeEntryPointUntil != null && view.freeEntryPointUntil > plannedAt,
    isGuess: categorySource === 'guessed',
  };
}
