/** What costs can be grouped by; currency always is. `day` and `month` are of the WABA's own time zone. */
export const COST_DIMENSIONS = [
  'day',
  'month',
  'client',
  'sender',
  'waba',
  'market',
  'category',
  'mark',
  'template',
  'tag',
] as const;
export type CostDimension = (typeof COST_DIMENSIONS)[number];
