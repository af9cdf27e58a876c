import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { HoldScope } from './domain/hold-policy.js';

/** A hold that stands. `until` null = until an operator lifts it. */
export interface StandingHoldView {
  scope: HoldScope;
  scopeId: string;
  reason: string;
  errorCode: number | null;
  until: Date | null;
  createdAt: Date;
}

/** What holds sending back now. */
@Injectable()
export class HoldDirectory {
  constructor(private readonly database: Database) {}

  /** Oldest first; holds whose time is over are not among them. */
  async list(): Promise<StandingHoldView[]> {
    const holds = await this.database.prisma.hold.findMany({
      where: { OR: [{ until: null }, { until: { gt: new Date() } }] },
      orderBy: { createdAt: 'asc' },
    });
    return holds.map(({ scope, scopeId, reason, errorCode, until, createdAt }) => ({
      scope: scope as HoldScope,
      scopeId,
      reason,
      errorCode,
      until,
      createdAt,
    }));
  }
}
