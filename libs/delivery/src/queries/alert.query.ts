import { v7 as uuidv7 } from 'uuid';
import type { Statement, Tx } from '#persistence';

/** Something an operator should see to; one is open for each kind and scope. */
export interface AlertToOpen {
  kind: string;
  scope: string;
  scopeId: string;
  /** What to do, in plain words. */
  advice: string;
}

const OPEN_ALERT: Statement = {
  name: 'open-alert',
  sql: `
INSERT INTO alert (id, kind, scope, scope_id, advice) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, scope, scope_id) WHERE closed_at IS NULL
DO UPDATE SET count = alert.count + 1, last_seen_at = now(), advice = excluded.advice`,
};

/** Opens an alert, or counts one more sighting of it. */
export async function openAlert(tx: Tx, { kind, scope, scopeId, advice }: AlertToOpen): Promise<void> {
  await tx.query(OPEN_ALERT, [uuidv7(), kind, scope, scopeId, advice]);
}

const CLOSE_ALERT: Statement = {
  name: 'close-alert',
  sql: `UPDATE alert SET closed_at = now() WHERE kind = $1 AND scope = $2 AND scope_id = $3 AND closed_at IS NULL`,
};

/** Closes an alert in the transaction that ends its cause; nothing happens when none is open. */
export async function closeAlert(tx: Tx, { kind, scope, scopeId }: Omit<AlertToOpen, 'advice'>): Promise<void> {
  await tx.query(CLOSE_ALERT, [kind, scope, scopeId]);
}
