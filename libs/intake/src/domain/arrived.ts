import type { ItemArrival } from '#messages';

/** An item of a notification, with where and when it came. */
export type Arrived<Item> = { item: Item } & ItemArrival;

/** What an item was that is kept raw and has no effect. */
export interface UnhandledKind {
  field: string;
  kind: string;
  parked?: Parked;
}

/** What has no effect yet: it is of a number, or an account, that is not ours, but may be. */
export interface Parked {
  inboxId: string;
  wabaId: string;
  /** Null: of the account. */
  phoneNumberId: string | null;
}
