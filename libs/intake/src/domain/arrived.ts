import type { ItemArrival } from '#messages';

/** An item of a notification, with where and when it came. */
export type Arrived<Item> = { item: Item } & ItemArrival;

/** What an item was that is kept raw and has no effect. */
export interface UnhandledKind {
  field: string;
  kind: string;
}
