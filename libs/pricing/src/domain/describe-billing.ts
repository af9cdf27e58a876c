import { formatMicros } from './money.js';

/** What of a charge its sentence is made of. */
export interface DescribedCharge {
  mark: 'rated' | 'free' | 'rate_missing' | 'type_unknown';
  because: string | null;
  category: string | null;
  market: string | null;
  pricingCategory: string;
  pricingType: string | null;
  day: string;
  tierPosition: string | null;
  /** First day of the card that its rate is from. */
  cardFrom: string | null;
  isOfficial: boolean | null;
  currency: string;
  rateMicros: string | null;
}

const FREE: Readonly<Record<string, string>> = {
  free_customer_service: 'sent inside an open customer service window',
  free_entry_point: 'sent inside a free entry point window of 72 hours',
  free_service: 'service conversations cost nothing in the model before 2025-07',
  free_group_customer_service: 'sent inside an open customer service window of a group',
  in_paid_conversation: 'another message pays for the conversation',
};

/** A charge in a sentence: its amount, and everything that the amount rests on. */
export function describeBilling(charge: DescribedCharge): string {
  const { mark, because, category, currency, day } = charge;
  switch (mark) {
    case 'free':
      return `Free: ${becauseFree(because)}.`;
    case 'type_unknown':
      return `Not priced: Meta billed it as type "${charge.pricingType ?? ''}", category "${charge.pricingCategory}", which Herald does not know.`;
    case 'rate_missing':
      return `Not priced yet: no rate card in ${currency} has ${category ?? ''} in ${place(charge)} on ${day}; it is priced when the card arrives.`;
    case 'rated':
      return `${formatMicros(BigInt(charge.rateMicros ?? '0'))} ${currency}: ${category ?? ''} in ${place(charge)} on ${day}, by the ${charge.isOfficial === true ? '' : 'unofficial '}rate card from ${charge.cardFrom ?? ''}${tier(charge)}.`;
  }
}

/** Why something costs nothing, as the end of a sentence; a word that is new is named as Meta's. */
export const becauseFree = (because: string | null): string => FREE[because ?? ''] ?? `Meta reported ${because ?? ''}`;

const place = ({ market }: DescribedCharge) => (market === null ? 'no known market' : `market ${market}`);

const tier = ({ tierPosition }: DescribedCharge) =>
  tierPosition === null ? '' : `, as number ${tierPosition} of its month when it was recorded`;
