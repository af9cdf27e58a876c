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

/** What the delivery funnel can be grouped by. `day`: when Herald took the messages, in the time zone of the WABA. */
export const DELIVERY_DIMENSIONS = ['day', 'client', 'sender', 'waba', 'template', 'category', 'tag'] as const;
export type DeliveryDimension = (typeof DELIVERY_DIMENSIONS)[number];

/** What failures can be grouped by; their code always is. */
export const FAILURE_DIMENSIONS = ['day', 'client', 'sender', 'waba', 'template', 'category'] as const;
export type FailureDimension = (typeof FAILURE_DIMENSIONS)[number];

/** What times to delivered and read can be grouped by; the step always is. */
export const LATENCY_DIMENSIONS = ['day', 'client', 'sender', 'waba', 'category'] as const;
export type LatencyDimension = (typeof LATENCY_DIMENSIONS)[number];

/** What windows can be grouped by. `day`: when they opened, in the time zone of the WABA. */
export const WINDOW_DIMENSIONS = ['day', 'sender', 'waba'] as const;
export type WindowDimension = (typeof WINDOW_DIMENSIONS)[number];
