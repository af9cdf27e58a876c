const HOUR_MS = 3_600_000;
const SERVICE_WINDOW_MS = 24 * HOUR_MS;
const ENTRY_POINT_MS = 72 * HOUR_MS;

/** A free entry point window: one conversation for all that is sent in it. */
export interface EntryPointWindow {
  conversationId: string;
  openUntil: number;
}

interface Window {
  openUntil: number;
  /** Until when an answer opens a free entry point window: 24 h from a message that came from an ad. */
  entryPointOfferUntil: number;
  entryPoint: EntryPointWindow | null;
}

/** Customer service and free entry point windows, per phone number and customer. All times in ms. */
export class ServiceWindows {
  private readonly windows = new Map<string, Window>();

  /** The customer wrote at `at`; `fromAd` when the message carries a referral. */
  heard(phoneNumberId: string, contact: string, at: number, fromAd: boolean): void {
    const key = `${phoneNumberId}:${contact}`;
    const known = this.windows.get(key);
    const openUntil = Math.max(known?.openUntil ?? 0, at + SERVICE_WINDOW_MS);
    const entryPointOfferUntil = fromAd ? at + SERVICE_WINDOW_MS : (known?.entryPointOfferUntil ?? 0);
    this.windows.set(key, { openUntil, entryPointOfferUntil, entryPoint: known?.entryPoint ?? null });
  }

  /** Whether free-form messages may be sent at `now`. */
  isOpen(phoneNumberId: string, contact: string, now: number): boolean {
    return (this.windows.get(`${phoneNumberId}:${contact}`)?.openUntil ?? 0) > now;
  }

  /** The free entry point window that a message sent at `now` is in; the first answer to an ad opens it. */
  entryPointOf(phoneNumberId: string, contact: string, now: number, newId: () => string): EntryPointWindow | null {
    const window = this.windows.get(`${phoneNumberId}:${contact}`);
    if (window === undefined) return null;
    if (window.entryPoint !== null && window.entryPoint.openUntil > now) return window.entryPoint;
    if (window.entryPointOfferUntil <= now) return null;
    window.entryPoint = { conversationId: newId(), openUntil: now + ENTRY_POINT_MS };
    window.entryPointOfferUntil = 0;
    return window.entryPoint;
  }

  /** Forgets all windows. */
  clear(): void {
    this.windows.clear();
  }
}
