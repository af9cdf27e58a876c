import { Option, SubCommand } from 'nest-commander';
import { ReconcileAccountsService } from '#delivery';
import { checkDays, formatMicros, ReconciliationRangeError } from '#pricing';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { RefusedError, UsageError } from '../usage-error.js';
import { OperatorCommand } from './command.js';
import { metaIdValue } from './option-values.js';

interface ReconcileOptions {
  wabaId?: string;
  from?: string;
  to?: string;
}

/**
 * `rates reconcile`: compares charges with what Meta says it billed, now. Prints a line an account, values separated by tabs: id,
 * first and last day, messages here and at Meta, amounts here and at Meta, currency, per mille of messages and of amounts that do
 * not agree, and `agrees` or `differs`; or `not_compared` and why. Exit code 1 when an account is not compared.
 */
@SubCommand({
  name: 'reconcile',
  description: 'Compares charges with what Meta says it billed. Prints a line an account, and whether they agree',
})
export class RatesReconcileCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_arguments: string[], { wabaId, from, to }: ReconcileOptions): Promise<void> {
    const range = rangeOf(from, to);
    const accounts = await this.herald.use((rooms) =>
      rooms.get(ReconcileAccountsService).reconcileNow(wabaId ?? null, range),
    );
    if (wabaId !== undefined && accounts.length === 0) throw new RefusedError(`There is no account ${wabaId}`);
    for (const account of accounts) {
      const days = [account.wabaId, account.range.from, account.range.to];
      if (account.kind === 'not_compared') {
        print(row(...days, account.kind, account.reason));
        continue;
      }
      const { messages, metaMessages, amountMicros, metaAmountMicros, messagesPerMille, amountPerMille } = account;
      const amounts = [amountMicros, metaAmountMicros].map((micros) => (micros === null ? null : formatMicros(micros)));
      const verdict = account.differs ? 'differs' : 'agrees';
      print(
        row(...days, messages, metaMessages, ...amounts, account.currency, messagesPerMille, amountPerMille, verdict),
      );
    }
    const failed = accounts.filter(({ kind }) => kind === 'not_compared').length;
    if (failed > 0) throw new RefusedError(`${failed} of ${accounts.length} accounts could not be compared`);
  }

  @Option({ flags: '--waba-id <id>', description: 'only this account (default: all)' })
  parseWabaId(value: string): string {
    return metaIdValue('--waba-id')(value);
  }

  @Option({
    flags: '--from <day>',
    description: 'first day, with --to (default: the last seven days that are settled)',
  })
  parseFrom(value: string): string {
    return value;
  }

  @Option({ flags: '--to <day>', description: 'last day; today is possible, and not whole yet' })
  parseTo(value: string): string {
    return value;
  }
}

function rangeOf(from: string | undefined, to: string | undefined) {
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) throw new UsageError('--from and --to go together');
  try {
    checkDays({ from, to });
  } catch (error) {
    throw error instanceof ReconciliationRangeError ? new UsageError(`--${error.message}`) : error;
  }
  return { from, to };
}
