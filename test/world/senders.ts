/** The sender that messages go out from when nothing else is said. */
export const SENDER = '800000000000001';

/**
 * Senders that share nothing: each has its own WABA, app and access token, so that what holds one back holds no other.
 * A scenario that sets a hold takes one of its own.
 */
export const SENDERS = Array.from({ length: 30 }, (_, index) => `8000000000000${String(index + 1).padStart(2, '0')}`);

/** What Herald is told of one of `SENDERS`. */
export const aSender = (phoneNumberId: string) => ({
  phoneNumberId,
  wabaId: wabaOf(phoneNumberId),
  accessToken: `EAAtoken${phoneNumberId}`,
  appId: `app-${phoneNumberId}`,
});

/** The WhatsApp Business Account of a sender. */
export const wabaOf = (phoneNumberId: string) => `9${phoneNumberId.slice(1)}`;

/**
 * Fictional recipients: `recipients('0100', 20)` are the numbers +1 555 0100 101 and up. The block (first four digits after
 * +1 555) chooses what the simulator does with them.
 */
export const recipients = (block: string, count: number, first = 1): string[] =>
  Array.from({ length: count }, (_, index) => `+1555${block}${String(first + index).padStart(7 - block.length, '0')}`);
