import type { Comparison } from './compare.js';

/** How far an account's charges are from Meta's figures, over all days that were compared. */
export interface Verdict {
  /** Ours, foreign ones included. */
  messages: number;
  metaMessages: number;
  amountMicros: bigint;
  /** Null: Meta tells no costs. */
  metaAmountMicros: bigint | null;
  /** What does not agree, per mille of the larger side of each market, category and type. */
  messagesPerMille: number;
  amountPerMille: number;
  /** More than the threshold. */
  differs: boolean;
}

/** Both sides of one market, category and type. A message at midnight may be another day's on either side: days are added up first. */
interface Pair {
  ours: bigint;
  metas: bigint;
}

/** Judges comparisons of an account; a few per mille are Meta's own inexactness. @param perMille the most that is no difference */
export function judge(rows: readonly Comparison[], perMille: number): Verdict {
  const messages = pairs(rows, (row) => [BigInt(row.messages + row.foreignMessages), BigInt(row.metaMessages)]);
  const priced = rows.filter(({ metaAmountMicros }) => metaAmountMicros !== null);
  const amounts = pairs(priced, (row) => [row.amountMicros + row.foreignAmountMicros, row.metaAmountMicros ?? 0n]);
  const [messagesPerMille, amountPerMille] = [disagreement(messages), disagreement(amounts)];
  const amountMicros = rows.reduce((sum, row) => sum + row.amountMicros + row.foreignAmountMicros, 0n);
  return {
    messages: Number(total(messages, 'ours')),
    metaMessages: Number(total(messages, 'metas')),
    amountMicros,
    metaAmountMicros: priced.length === rows.length ? total(amounts, 'metas') : null,
    messagesPerMille,
    amountPerMille,
    differs: messagesPerMille > perMille || amountPerMille > perMille,
  };
}

function pairs(rows: readonly Comparison[], read: (row: Comparison) => [ours: bigint, metas: bigint]): Pair[] {
  const groups = Map.groupBy(rows, ({ market, category, type }) => `${market} ${category} ${type}`);
  return [...groups.values()].map((group) =>
    group.map(read).reduce((sum, [ours, metas]) => ({ ours: sum.ours + ours, metas: sum.metas + metas }), {
      ours: 0n,
      metas: 0n,
    }),
  );
}

const total = (all: readonly Pair[], side: keyof Pair) => all.reduce((sum, pair) => sum + pair[side], 0n);

/** To a tenth of a per mille. */
function disagreement(all: readonly Pair[]): number {
  const apart = all.reduce((sum, { ours, metas }) => sum + (ours > metas ? ours - metas : metas - ours), 0n);
  const whole = all.reduce((sum, { ours, metas }) => sum + (ours > metas ? ours : metas), 0n);
  return whole === 0n ? 0 : Number((apart * 10_000n) / whole) / 10;
}
