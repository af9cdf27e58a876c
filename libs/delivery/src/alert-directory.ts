import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** An alert: `count` sightings since `openedAt`. */
export interface AlertView {
  id: string;
  kind: string;
  scope: string;
  scopeId: string;
  count: number;
  openedAt: Date;
  lastSeenAt: Date;
  /** Null while it is open. */
  closedAt: Date | null;
  /** What an operator should do. */
  advice: string;
}

/** What an operator should see to. */
@Injectable()
export class AlertDirectory {
  constructor(private readonly database: Database) {}

  /** Open alerts, oldest first. */
  async list(): Promise<AlertView[]> {
    return this.database.prisma.alert.findMany({ where: { closedAt: null }, orderBy: { openedAt: 'asc' } });
  }

  /** The newest alerts, also closed ones, at most `limit`. */
  async history(limit: number): Promise<AlertView[]> {
    return this.database.prisma.alert.findMany({ orderBy: { openedAt: 'desc' }, take: limit });
  }

  /** How many alerts of each kind are open. */
  async openKinds(): Promise<Map<string, number>> {
    const kinds = await this.database.prisma.alert.groupBy({ by: ['kind'], where: { closedAt: null }, _count: true });
    return new Map(kinds.map(({ kind, _count }) => [kind, _count]));
  }
}
