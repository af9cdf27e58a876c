import { eventually } from '#testing';
import type { World } from '../world/world.js';
import type { Facts, MessageFact } from './audit.js';

/** Reads what Postgres and the simulator know, once every webhook is delivered and applied. */
export async function readFacts(world: World, accepted: readonly string[]): Promise<Facts> {
  await world.simulator.idle();
  const waiting = async () => (await world.query("SELECT 1 FROM inbox_work WHERE state <> 'dead'")).length;
  await eventually(
    async () => {
      if ((await waiting()) > 0) throw new Error('notifications wait');
    },
    { timeoutMs: 60_000 },
  );
  return {
    accepted,
    messages: await world.query<MessageFact>(`
      SELECT m.id, m.state, m.reason, m.policy,
        (SELECT coalesce(json_agg(json_build_object('no', t.no, 'state', t.state) ORDER BY t.no), '[]') FROM attempt t WHERE t.message_id = m.id) AS attempts,
        (SELECT count(*)::int FROM event e WHERE e.message_id = m.id AND e.type = 'message.sending') AS "sendingEvents"
      FROM message m`),
    sends: await world.simulator.log(),
    waitingNotifications: await waiting(),
  };
}
