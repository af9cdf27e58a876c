import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';

/** Meta's list rates in USD as of 2026-01-01, collected by hand and not official: for trying things out. */
export const SAMPLE_RATE_CARD = { currency: 'USD', validFrom: '2026-01-01', source: 'sample data of Herald' } as const;

/** The CSV of SAMPLE_RATE_CARD. */
export const sampleRateCardCsv = (): string =>
  readFileSync(join(projectRoot(), 'libs/pricing/src/data/usd-2026-01-01.csv'), 'utf8');
