import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** An alert that is open: `count` sightings since `openedAt`. */
export interface AlertView {
  kind: string;
  scope: string;
  scopeId: string;
  count: number;
  openedAt: Date;
  lastSeenAt: Date;
  /** What an operator should do. */
  advice: string;
}

/** What an operator should see to. */
@Injectable()
export class AlertDirectory {
  constructor(private readonly database: Database) {}

  /** Open alerts, oldest first. */
  async list(): Promise<AlertView[]> {
    return this.database.prisma.alert.findMany({
      where: { closedAt: null },
      orderBy: { openedAt: 'asc' },
      omit: { id: true, closedAt: true },
    });
  }
}
