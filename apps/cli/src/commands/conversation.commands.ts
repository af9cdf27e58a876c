import { Command, Option, SubCommand } from 'nest-commander';
import { ListConversationsService } from '#conversations';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { CommandGroup, OperatorCommand } from './command.js';
import { instantValue, metaIdValue } from './option-values.js';

/** The most lines. */
const LIMIT = 100;

/**
 * `conversation list`: the 100 that opened last, a line each with sender, contact, kind, category, state, opened and expires,
 * separated by tabs.
 */
@SubCommand({
  name: 'list',
  description: 'Lists the last 100 conversations: sender, contact, kind, category, state, opened, expires',
})
export class ConversationListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_words: string[], { sender, at }: { sender?: string; at?: Date }): Promise<void> {
    const { data } = await this.herald.use((rooms) =>
      rooms.get(ListConversationsService).list('all', { sender, at, limit: LIMIT }),
    );
    for (const { phoneNumberId, contact, kind, category, state, openedAt, expiresAt } of data)
      print(row(phoneNumberId, contact, kind, category, state, openedAt, expiresAt));
  }

  @Option({ flags: '--sender <id>', description: 'phone number id of the sender' })
  parseSender(value: string): string {
    return metaIdValue('--sender')(value);
  }

  @Option({ flags: '--at <instant>', description: 'as of an instant of the past, like 2026-11-22T12:00:00Z' })
  parseAt(value: string): Date {
    return instantValue('--at')(value);
  }
}

@Command({
  name: 'conversation',
  description: 'Conversations: customer service windows and free entry points',
  subCommands: [ConversationListCommand],
})
export class ConversationCommands extends CommandGroup {}
