import type { MessageState } from '#messages';
import type { Statement, Tx } from '#persistence';

/** A message that another one names. */
export interface Target {
  id: string;
  clientId: string;
  phoneNumberId: string;
  state: MessageState;
  /** Of the attempt that Meta took, the last if there are several. */
  wamid: string | null;
}

/** Indexes: the primary keys of message and attempt. */
const FIND_TARGETS: Statement = {
  name: 'find-targets',
  sql: `
SELECT m.id, m.client_id AS "clientId", m.phone_number_id AS "phoneNumberId", m.state,
  (SELECT a.wamid FROM attempt a WHERE a.message_id = m.id AND a.wamid IS NOT NULL ORDER BY a.no DESC LIMIT 1) AS wamid
FROM message m WHERE m.id = ANY($1::uuid[])`,
};

/** The messages of these ids that there are. */
export const findTargets = (tx: Tx, ids: readonly string[]): Promise<Target[]> => tx.query(FIND_TARGETS, [ids]);
