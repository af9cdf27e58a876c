import type { Grant } from './principal.js';

/** An internal system that calls Herald, and owns the messages it sent. */
export interface Client {
  id: string;
  name: string;
  createdAt: Date;
  disabledAt: Date | null;
}

/** A key of a client, without the key itself: that is shown once, when it is made. */
export interface ApiKey extends Grant {
  id: string;
  clientId: string;
  /** The first characters of the key, for people to recognise it by. */
  prefix: string;
  createdAt: Date;
  revokedAt: Date | null;
}
