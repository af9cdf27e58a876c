import { readFileSync } from 'node:fs';
import { Command, Option, SubCommand } from 'nest-commander';
import { ImportRateCardService, isLocalDate, RateCardDirectory, RateCardInvalidError } from '#pricing';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { RefusedError, UsageError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';
import { currencyValue } from './option-values.js';
import { RatesReconcileCommand } from './rates-reconcile.command.js';

interface ImportOptions {
  currency?: string;
  from: string;
  until?: string;
  tiers?: string;
  source?: string;
  unofficial?: boolean;
}

/** `rates import <csv>`: prints the id of the card, its rates, and how many charges had waited for it, separated by tabs. */
@SubCommand({
  name: 'import',
  arguments: '<csv>',
  description: 'Imports a rate card in Meta’s layout, all of it or nothing. Prints its id, rates, charges priced by it',
})
export class RatesImportCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run([file = '']: string[], options: ImportOptions): Promise<void> {
    const card = {
      currency: options.currency ?? 'USD',
      validFrom: options.from,
      validUntil: options.until ?? null,
      source: options.source ?? file,
      isOfficial: options.unofficial !== true,
      csv: readText(file),
      tiersCsv: options.tiers === undefined ? null : readText(options.tiers),
    };
    const { id, rates, priced } = await this.herald
      .use((rooms) => rooms.get(ImportRateCardService).import(card))
      .catch((error: unknown) => {
        throw error instanceof RateCardInvalidError ? new RefusedError(linesOf(error)) : error;
      });
    print(row(id, rates, priced));
  }

  @Option({ flags: '--from <day>', description: 'first day that it holds, such as 2026-01-01', required: true })
  parseFrom(value: string): string {
    return dayValue('--from', value);
  }

  @Option({ flags: '--until <day>', description: 'first day that it holds no more (default: the next card)' })
  parseUntil(value: string): string {
    return dayValue('--until', value);
  }

  @Option({ flags: '--currency <code>', description: 'ISO 4217 (default: USD)' })
  parseCurrency(value: string): string {
    return currencyValue(value);
  }

  @Option({ flags: '--tiers <csv>', description: 'volume tiers: market, category, from, to, rate' })
  parseTiers(value: string): string {
    return value;
  }

  @Option({ flags: '--source <text>', description: 'where it is from (default: the name of the file)' })
  parseSource(value: string): string {
    return value;
  }

  @Option({ flags: '--unofficial', description: 'these are not Meta’s own figures' })
  parseUnofficial(): boolean {
    return true;
  }
}

/** `rates list`: a line a card with id, currency, first day, last day (exclusive), source, separated by tabs. */
@SubCommand({
  name: 'list',
  description: 'Lists rate cards: id, currency, from, until, source, official or unofficial',
})
export class RatesListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const cards = await this.herald.use((rooms) => rooms.get(RateCardDirectory).list());
    for (const { id, currency, validFrom, validUntil, source, isOfficial } of cards)
      print(row(id, currency, validFrom, validUntil, source, isOfficial ? 'official' : 'unofficial'));
  }
}

@Command({
  name: 'rates',
  description: 'Rate cards: what Meta charges',
  subCommands: [RatesImportCommand, RatesListCommand, RatesReconcileCommand],
})
export class RatesCommands extends CommandGroup {}

const linesOf = ({ problems }: RateCardInvalidError): string =>
  ['Nothing was imported:', ...problems.map(({ file, line, problem }) => `${file} line ${line}: ${problem}`)].join(
    '\n',
  );

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RefusedError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function dayValue(option: string, value: string): string {
  if (!isLocalDate(value)) throw new UsageError(`${option} must be a day such as 2026-01-01`);
  return value;
}
