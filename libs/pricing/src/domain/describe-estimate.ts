import { becauseFree } from './describe-billing.js';
import { formatMicros } from './money.js';

/** An estimate as it is kept with its message: all that its amount rests on. */
export interface Estimate {
  mark: 'rated' | 'free' | 'rate_missing';
  because: string | null;
  /** Which of the two contents of a message it is of. */
  of: 'message' | 'fallback';
  /** The column of the rate card. */
  category: string | null;
  /** Nobody but a rule of ours says that its template has this category. */
  isGuess: boolean;
  market: string | null;
  /** In the time zone of the WABA. */
  day: string;
  /** The how-manieth of its month it would be; null where there are no tiers. */
  tierPosition: string | null;
  cardFrom: string | null;
  isOfficial: boolean | null;
  currency: string;
  /** Whole micro-units; null: not known. */
  rateMicros: string | null;
}

/** An estimate in a sentence. */
export function describeEstimate(estimate: Estimate): string {
  const whose = estimate.of === 'fallback' ? 'Estimate of its fallback, its window being closed' : 'Estimate';
  return `${whose}: ${amountOf(estimate)}.`;
}

function amountOf(estimate: Estimate): string {
  const { mark, because, currency, day, cardFrom, tierPosition } = estimate;
  const what = `${estimate.category ?? ''}${estimate.isGuess ? ' (a guess)' : ''} in ${estimate.market === null ? 'no known market' : `market ${estimate.market}`}`;
  switch (mark) {
    case 'free':
      return because === 'window_closed'
        ? 'nothing, since its customer service window is closed and it is not sent'
        : `free, ${becauseFree(because)}`;
    case 'rate_missing':
      // Whom we may write to has a number or a user id, which name a country, or is a group.
      if (estimate.market === null)
        return `not known, a message to a group is billed for each member that it reaches, at the rate of the market of each`;
      return `not known, no rate card in ${currency} has ${what} on ${day}`;
    case 'rated': {
      const tier = tierPosition === null ? '' : `, as about number ${tierPosition} of its month`;
      return `${formatMicros(BigInt(estimate.rateMicros ?? '0'))} ${currency} if it is delivered on ${day}, ${what}, by the ${estimate.isOfficial === true ? '' : 'unofficial '}rate card from ${cardFrom ?? ''}${tier}`;
    }
  }
}
