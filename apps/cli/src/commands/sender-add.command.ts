import { Option, SubCommand } from 'nest-commander';
import { AddSenderService, type NewSender, type Subscription, SubscriptionService } from '#senders';
import { HeraldSession } from '../herald-session.js';
import { print, warn } from '../output.js';
import { OperatorCommand } from './command.js';
import {
  accessTokenValue,
  currencyValue,
  displayNumberValue,
  metaIdValue,
  timezoneValue,
  wordValue,
} from './option-values.js';

interface AddOptions extends NewSender {
  subscribe?: boolean;
}

/**
 * `sender add`: prints the phone number id. What is left out for a sender that exists stays as it was. A warning when no app hears
 * of its account: the sender is added all the same.
 */
@SubCommand({ name: 'add', description: 'Adds a sender, or gives it a new access token. Prints its phone number id' })
export class SenderAddCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_args: string[], { subscribe = false, ...sender }: AddOptions): Promise<void> {
    const { phoneNumberId, wabaId, subscription } = await this.herald.use(async (rooms) => {
      const added = await rooms.get(AddSenderService).add(sender);
      const account = { wabaId: added.wabaId, accessToken: sender.accessToken, appId: added.appId };
      const subscriptions = rooms.get(SubscriptionService);
      return {
        ...added,
        subscription: await (subscribe ? subscriptions.subscribe(account) : subscriptions.look(account)),
      };
    });
    print(phoneNumberId);
    const warning = warningOf(subscription, wabaId, subscribe);
    if (warning !== null) warn(warning);
  }

  @Option({
    flags: '--subscribe',
    description: 'subscribes the app of the token to the account, so that its webhooks come',
  })
  subscribe(): true {
    return true;
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

/** What is to be said of the webhooks of an account; null when they come. */
function warningOf(subscription: Subscription, wabaId: string, isWanted: boolean): string | null {
  switch (subscription.kind) {
    case 'subscribed':
      return null;
    case 'not_subscribed':
      return `the app is not subscribed to account ${wabaId}: no webhook of it will come, so no status. Add --subscribe to do it`;
    case 'unknown':
      return isWanted
        ? `the app could not be subscribed to account ${wabaId} (${subscription.reason}): until it is, no status comes`
        : `Meta could not be asked whether the app is subscribed to account ${wabaId} (${subscription.reason}): unless it is, no status comes`;
  }
}
