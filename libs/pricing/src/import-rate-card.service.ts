import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#persistence';
import { type CardRate, overlaps, readCard, readTiers, type Validity, withTiers } from './domain/rate-card.js';
import { isLocalDate } from './domain/local-date.js';
import { RateCardFieldError, RateCardInvalidError, RateCardOverlapError } from './pricing.errors.js';
import { cardsOf, insertCard, lockCards } from './queries/rate-cards.query.js';
import { PriceWaitingService } from './price-waiting.service.js';
import { readCardFile } from './read-card-file.js';
import { RecentRates } from './recent-rates.js';

/** A card to import: Meta's CSV of list rates, and that of volume tiers if there is one. Days are of the WABAs' time zones. */
export interface RateCardImport extends Validity {
  /** ISO 4217. */
  currency: string;
  /** Where it is from, for whoever asks later. */
  source: string;
  isOfficial: boolean;
  csv: string;
  tiersCsv: string | null;
}

/** What an import did. */
export interface ImportedRateCard {
  id: string;
  rates: number;
  /** Charges that had waited for a rate and have one now, or had been priced by an earlier card that this one cuts short. */
  priced: number;
}

/** Brings in a dated rate card, all of it or nothing, and prices what waited for it, or was priced by the card before. */
@Injectable()
export class ImportRateCardService {
  constructor(
    private readonly database: Database,
    private readonly recent: RecentRates,
    private readonly waiting: PriceWaitingService,
  ) {}

  /** @throws RateCardFieldError; RateCardInvalidError that lists every wrong line; RateCardOverlapError */
  async import(card: RateCardImport): Promise<ImportedRateCard> {
    checkDays(card);
    const rates = readRates(card);
    const id = newId();
    await this.database.transaction(async (tx) => {
      await lockCards(tx);
      await refuseOverlap(tx, card);
      await insertCard(tx, id, card, rates);
    });
    this.recent.forget();
    return { id, rates: rates.length, priced: await this.waiting.price() };
  }
}

function checkDays({ validFrom, validUntil }: RateCardImport): void {
  const notADay = (day: string) => `must be a day such as 2026-01-01; it is "${day}"`;
  if (!isLocalDate(validFrom)) throw new RateCardFieldError('validFrom', notADay(validFrom));
  if (validUntil === null) return;
  if (!isLocalDate(validUntil)) throw new RateCardFieldError('validUntil', notADay(validUntil));
  if (validUntil <= validFrom)
    throw new RateCardFieldError('validUntil', `must be after validFrom, ${validFrom}; it is ${validUntil}`);
}

function readRates({ csv, tiersCsv, currency }: RateCardImport): CardRate[] {
  const [card, tiers] = [readCardFile('card', csv), tiersCsv === null ? null : readCardFile('tiers', tiersCsv)];
  const unreadable = [...card.problems, ...(tiers?.problems ?? [])];
  if (unreadable.length > 0) throw new RateCardInvalidError(unreadable);
  const list = readCard(card.lines, currency);
  const tiered = tiers === null ? { rates: [], problems: [] } : readTiers(tiers.lines);
  const problems = [...list.problems, ...tiered.problems];
  if (problems.length > 0) throw new RateCardInvalidError(problems);
  return withTiers(list.rates, tiered.rates);
}

async function refuseOverlap(tx: Tx, card: RateCardImport): Promise<void> {
  const standing = (await cardsOf(tx, card.currency)).find((other) => overlaps(card, other));
  if (standing !== undefined) throw new RateCardOverlapError(card.currency, card, standing);
}
