import type { Statement, Tx } from '#persistence';
import type { LaneCondition } from '../pacing/domain/lane-rate.js';
import { laneCondition } from './lane-condition.js';

/** A lane that may send now. */
export interface OpenLane extends LaneCondition {
  phoneNumberId: string;
}

/** Every lane but those that are held. */
const READ_OPEN_LANES: Statement = {
  name: 'read-open-lanes',
  sql: `
SELECT s.phone_number_id AS "phoneNumberId", ${laneCondition('$1')}
FROM sender s WHERE s.phone_number_id NOT IN (SELECT phone_number_id FROM held_lane)`,
};

/** @param releasedForMs how long a lane counts as just held, ms */
export function readOpenLanes(tx: Tx, releasedForMs: number): Promise<OpenLane[]> {
  return tx.query<OpenLane>(READ_OPEN_LANES, [releasedForMs]);
}
