/** What a rate card has a column for. */
export const RATE_CATEGORIES = [
  'marketing',
  'utility',
  'authentication',
  'authentication_international',
  'service',
] as const;
export type RateCategory = (typeof RATE_CATEGORIES)[number];

/** Categories with volume tiers; marketing and service have the list rate whatever the volume. */
const TIERED: readonly RateCategory[] = ['utility', 'authentication', 'authentication_international'];
export const isTiered = (category: RateCategory): boolean => TIERED.includes(category);

/** The column that a `pricing.category` (lower case, `_` for `-`) is billed by. */
const RATE_OF: Readonly<Record<string, RateCategory>> = {
  marketing: 'marketing',
  marketing_lite: 'marketing',
  group_marketing: 'marketing',
  utility: 'utility',
  group_utility: 'utility',
  authentication: 'authentication',
  authentication_international: 'authentication_international',
  service: 'service',
  group_service: 'service',
};

/** The column of a category, null for a word that Meta has not had so far. */
export const rateCategoryOf = (pricingCategory: string): RateCategory | null => RATE_OF[pricingCategory] ?? null;
