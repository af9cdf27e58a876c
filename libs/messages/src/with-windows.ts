import type { WindowService } from '#conversations';
import type { NewMessage } from './queries/insert-messages.query.js';

/** The same messages, each with its customer service window as it is now in the response that its client gets. */
export async function withWindows(
  windows: Pick<WindowService, 'statesOf'>,
  messages: readonly NewMessage[],
): Promise<NewMessage[]> {
  const views = await windows.statesOf(messages);
  return messages.map((message, index) => ({
    ...message,
    response: { ...message.response, window: views[index]?.name ?? 'unknown' },
  }));
}
