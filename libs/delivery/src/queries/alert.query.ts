import { newId, type Statement, type Tx } from '#persistence';

/** Something an operator should see to; one is open for each kind and scope. */
export interface AlertToOpen {
  kind: string;
  scope: string;
  scopeId: string;
  /** What to do, in plain words. */
  advice: string;
}

const OPEN_ALERTS: Statement = {
  name: 'open-alerts',
  sql: `
INSERT INTO alert (id, kind, scope, scope_id, advice, count)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) v(id, kind, scope, scope_id, advice, count) ORDER BY 2, 3, 4
ON CONFLICT (kind, scope, scope_id) WHERE closed_at IS NULL
DO UPDATE SET count = alert.count + excluded.count, last_seen_at = now(), advice = excluded.advice`,
};

/** Opens alerts, or counts sightings of them: each as often as it is named, with the advice of the last. */
export async function openAlerts(tx: Tx, alerts: readonly AlertToOpen[]): Promise<void> {
  if (alerts.length === 0) return;
  const seen = new Map<string, AlertToOpen & { count: number }>();
  for (const alert of alerts) {
    const name = `${alert.kind} ${alert.scope} ${alert.scopeId}`;
    seen.set(name, { ...alert, count: (seen.get(name)?.count ?? 0) + 1 });
  }
  const rows = [...seen.values()];
  await tx.query(OPEN_ALERTS, [
    rows.map(() => newId()),
    rows.map(({ kind }) => kind),
    rows.map(({ scope }) => scope),
    rows.map(({ scopeId }) => scopeId),
    rows.map(({ advice }) => advice),
    rows.map(({ count }) => count),
  ]);
}

/** Opens an alert, or counts one more sighting of it. */
export const openAlert = (tx: Tx, alert: AlertToOpen): Promise<void> => openAlerts(tx, [alert]);

const CLOSE_ALERT: Statement = {
  name: 'close-alert',
  sql: `UPDATE alert SET closed_at = now() WHERE kind = $1 AND scope = $2 AND scope_id = $3 AND closed_at IS NULL RETURNING id`,
};

/** Closes an alert in the transaction that ends its cause. @returns whether one was open */
export async function closeAlert(tx: Tx, { kind, scope, scopeId }: Omit<AlertToOpen, 'advice'>): Promise<boolean> {
  return (await tx.query(CLOSE_ALERT, [kind, scope, scopeId])).length > 0;
}
