import { suppressedContacts } from '#contacts';
import type { Tx } from '#persistence';
import type { ForecastMessagesService } from './forecast-messages.service.js';
import type { NewMessage } from './queries/insert-messages.query.js';

/**
 * Which of these messages are marketing to contacts who want none: by themselves, or by their fallback, which is what would go since the
 * window is closed already. Other messages are not asked about, and windows only of contacts who want none.
 */
export async function optedOut(
  tx: Tx,
  forecasts: ForecastMessagesService,
  messages: readonly NewMessage[],
): Promise<(message: NewMessage) => boolean> {
  const asked = messages.filter((message) => isMarketing(message) || mayBecomeMarketing(message));
  const isSuppressed = await suppressedContacts(tx, asked);
  const refused = asked.filter(isSuppressed);
  const fallingBack = await forecasts.fallingBack(refused.filter(mayBecomeMarketing));
  const ids = new Set([...refused.filter(isMarketing), ...fallingBack].map(({ id }) => id));
  return ({ id }) => ids.has(id);
}

const isMarketing = ({ category }: NewMessage) => category === 'marketing';
const mayBecomeMarketing = (message: NewMessage) => !isMarketing(message) && message.fallbackCategory === 'marketing';
