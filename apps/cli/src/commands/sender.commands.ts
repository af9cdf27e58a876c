import { Command, SubCommand } from 'nest-commander';
import { SenderDirectory } from '#senders';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { CommandGroup, OperatorCommand } from './command.js';
import { SenderAddCommand } from './sender-add.command.js';

/** `sender list`: a line a sender with id, account, portfolio, app, number, currency and timezone, separated by tabs. */
@SubCommand({
  name: 'list',
  description: 'Lists senders: phone number id, account, portfolio, app, number, currency, timezone',
})
export class SenderListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const senders = await this.herald.use((rooms) => rooms.get(SenderDirectory).list());
    for (const { phoneNumberId, wabaId, portfolioId, appId, displayNumber, currency, timezone } of senders) {
      print(row(phoneNumberId, wabaId, portfolioId, appId, displayNumber, currency, timezone));
    }
  }
}

@Command({
  name: 'sender',
  description: 'Senders: business phone numbers',
  subCommands: [SenderAddCommand, SenderListCommand],
})
export class SenderCommands extends CommandGroup {}
