import { expect } from '@jest/globals';
import { eventually } from '#testing';
import type { LoggedSend } from './simulator.js';
import type { World } from './world.js';

/** Message of an attempt id, as it stands in the simulator's log. */
export const messageOf = (attemptId: string | null) => attemptId?.split('.')[1] ?? null;

/** The sends of one message, oldest first. */
export const sendsOf = (log: readonly LoggedSend[], messageId: string) =>
  log.filter(({ attemptId }) => messageOf(attemptId) === messageId);

/**
 * What holds in every journey once it is quiet (delivery protocol §15): every request that reached Meta carried the id of an
 * attempt that Postgres knows (I4), no attempt was written twice (I5), no attempt is open but those of `uncertain` messages,
 * no notification waits, and each message has one event for each of its attempts (I13).
 */
export async function expectInvariants(world: World): Promise<void> {
  const log = await world.simulator.log();
  const attemptIds = log.map(({ attemptId }) => attemptId ?? 'none');
  expect(repeated(attemptIds)).toEqual([]);
  const known = await world.query<{ id: string }>(`SELECT 'a1.' || message_id || '.' || no AS id FROM attempt`);
  const ids = new Set(known.map(({ id }) => id));
  expect(attemptIds.filter((id) => !ids.has(id))).toEqual([]);
  expect(
    await world.query(`SELECT t.message_id, t.no, t.state, m.state AS message_state FROM attempt t JOIN message m ON m.id = t.message_id
      WHERE t.state IN ('started', 'uncertain') AND m.state <> 'uncertain'`),
  ).toEqual([]);
  expect(await world.query('SELECT * FROM inbox_work')).toEqual([]);
  expect(
    await world.query(`SELECT m.id, m.attempt_no, count(*) FILTER (WHERE e.type = 'message.sending')::int AS sending,
        count(*) FILTER (WHERE e.type = 'message.queued' AND e.payload->>'attempt' IS NULL)::int AS queued
      FROM message m LEFT JOIN event e ON e.message_id = m.id GROUP BY m.id
      HAVING m.attempt_no <> count(*) FILTER (WHERE e.type = 'message.sending') OR count(*) FILTER (WHERE e.type = 'message.queued' AND e.payload->>'attempt' IS NULL) <> 1`),
  ).toEqual([]);
}

/** Meta took each of these messages once, and was asked no second time after it had. */
export async function expectSentOnce(world: World, messageIds: readonly string[]): Promise<void> {
  const log = await world.simulator.log();
  const accepted = log
    .filter(({ outcome }) => outcome === 'accepted')
    .map(({ attemptId }) => messageOf(attemptId) ?? '');
  expect(repeated(accepted)).toEqual([]);
  const taken = new Set(accepted);
  expect(messageIds.filter((id) => !taken.has(id))).toEqual([]);
}

const repeated = (values: readonly string[]) => values.filter((value, index) => values.indexOf(value) !== index);

/**
 * Waits until each of these messages is either read, or uncertain and never seen by Meta: what a worker had claimed, and not
 * written, when it was killed has no evidence either way. @returns the ids of the uncertain ones
 */
export async function untilReadOrUnproven(world: World, messageIds: readonly string[]): Promise<string[]> {
  const condition = "(state = 'accepted' AND wa_rank = 5) OR (state = 'uncertain' AND reason = 'lease_expired')";
  return eventually(
    async () => {
      await world.until(messageIds, condition);
      const uncertain = await world.query<{ id: string }>(`SELECT id FROM message WHERE state = 'uncertain'`);
      const sends = await world.simulator.log();
      for (const { id } of uncertain) expect({ id, sends: sendsOf(sends, id) }).toEqual({ id, sends: [] });
      return uncertain.map(({ id }) => id);
    },
    { timeoutMs: 30_000 },
  );
}
