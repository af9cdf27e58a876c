import { Option, SubCommand } from 'nest-commander';
import { AddSenderService, type NewSender } from '#senders';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { OperatorCommand } from './command.js';
import {
  accessTokenValue,
  currencyValue,
  displayNumberValue,
  metaIdValue,
  timezoneValue,
  wordValue,
} from './option-values.js';

/** `sender add`: prints the phone number id. What is left out for a sender that exists stays as it was. */
@SubCommand({ name: 'add', description: 'Adds a sender, or gives it a new access token. Prints its phone number id' })
export class SenderAddCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_args: string[], sender: NewSender): Promise<void> {
    const { phoneNumberId } = await this.herald.use((rooms) => rooms.get(AddSenderService).add(sender));
    print(phoneNumberId);
  }

  @Option({ flags: '--phone-number-id <id>', description: 'Meta’s id of the business number', required: true })
  phoneNumberId(value: string): string {
    return metaIdValue('--phone-number-id')(value);
  }

  @Option({ flags: '--waba-id <id>', description: 'its WhatsApp Business Account', required: true })
  wabaId(value: string): string {
    return metaIdValue('--waba-id')(value);
  }

  @Option({
    flags: '--access-token <token>',
    description: 'of Meta, may send from it; stored encrypted',
    required: true,
  })
  accessToken(value: string): string {
    return accessTokenValue(value);
  }

  @Option({ flags: '--portfolio-id <id>', description: 'business portfolio (default: one for the account)' })
  portfolioId(value: string): string {
    return wordValue('--portfolio-id')(value);
  }

  @Option({ flags: '--app-id <id>', description: 'the Meta app that the token belongs to (default: default)' })
  appId(value: string): string {
    return wordValue('--app-id')(value);
  }

  @Option({ flags: '--currency <code>', description: 'what the account is billed in, ISO 4217 (default: USD)' })
  currency(value: string): string {
    return currencyValue(value);
  }

  @Option({ flags: '--timezone <name>', description: 'of the account, IANA name (default: UTC)' })
  timezone(value: string): string {
    return timezoneValue(value);
  }

  @Option({ flags: '--display-number <number>', description: 'the number as people know it' })
  displayNumber(value: string): string {
    return displayNumberValue(value);
  }
}
