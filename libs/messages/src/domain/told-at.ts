import { statusSecond } from './attempt-status.js';

/** When what an item tells of happened: Meta's time, not far ahead of its arrival; that of its arrival where Meta's is missing or no instant. */
export const toldAt = (item: { timestamp: number | null }, receivedAt: Date): Date =>
  new Date(statusSecond(item, receivedAt) * 1_000);
