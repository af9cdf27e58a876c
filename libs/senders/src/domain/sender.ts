/** A business phone number that Herald may send from. */
export interface Sender {
  /** Meta's id of the number. */
  phoneNumberId: string;
  wabaId: string;
  portfolioId: string;
  /** The Meta app that its access token belongs to. */
  appId: string;
  displayNumber: string | null;
  currency: string;
  timezone: string;
  /** Since when its webhooks have come without a gap; null while none has. */
  listeningSince: Date | null;
  createdAt: Date;
}

/** What a request to the Graph API for a sender needs. In memory only: not for logs, queues, errors or answers. */
export interface SenderCredentials {
  accessToken: string;
  accessTokenId: string;
  appId: string;
  wabaId: string;
  portfolioId: string;
}
