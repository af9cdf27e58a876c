import { Injectable } from '@nestjs/common';
import { RecentReads } from '#access';
import { Database } from '#persistence';
import { type CardOfDay, readCardOfDay, readTierVolume } from './queries/card-of-day.query.js';
import { tierKey, type TierKey } from './queries/count-tier-usage.query.js';

/** How long another process may still estimate by what was known before a card was imported, ms. */
export const RATES_TTL_MS = 60_000;
/** A day of a currency is one; messages are planned at most 30 days ahead. */
const MAX_CARDS = 500;
const MAX_VOLUMES = 10_000;

/** Rates for estimates: read once in RATES_TTL_MS, so that a message costs no statement. Charges are never priced from here. */
@Injectable()
export class RecentRates {
  private readonly cards = new RecentReads<{ card: CardOfDay | null }>({ ttlMs: RATES_TTL_MS, maxEntries: MAX_CARDS });
  private readonly volumes = new RecentReads<{ volume: bigint }>({ ttlMs: RATES_TTL_MS, maxEntries: MAX_VOLUMES });

  constructor(private readonly database: Database) {}

  /** The card of a currency that holds on a day; null for none. */
  async cardOf(currency: string, day: string): Promise<CardOfDay | null> {
    const read = async () => ({ card: await readCardOfDay(this.database, currency, day) });
    return (await this.cards.get(`${currency} ${day}`, read))?.card ?? null;
  }

  /** How many messages count toward the tiers of a month so far. */
  async volumeOf(key: TierKey): Promise<bigint> {
    const read = async () => ({ volume: await readTierVolume(this.database, key) });
    return (await this.volumes.get(tierKey(key), read))?.volume ?? 0n;
  }

  /** Reads everything again on its next use. */
  forget(): void {
    this.cards.clear();
    this.volumes.clear();
  }
}
