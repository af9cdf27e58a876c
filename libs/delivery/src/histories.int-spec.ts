import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { statusRank } from '#graph-api';
import { recordStatuses } from '#messages';
import { databaseErrorKind } from '#persistence';
import { aMessage, aSender } from '#testing';
import { proveAccepted } from './prove-accepted.js';
import type { ClaimedMessage } from './queries/claim-due-messages.query.js';
import { aSettlement, type DeliveryWorld, ENDS, openDeliveryWorld } from './specs/delivery-world.js';

/** HISTORY_SEED repeats the steps of a history that failed; steps of one round run at once, and meet as they meet. */
const SEED = Number(process.env['HISTORY_SEED'] ?? randomInt(1_000_000_000));
const MESSAGES = 24;
const ROUNDS = 80;

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Every change of state, fence and rank of a message, and every state an attempt was in, written down by the database itself. */
const WATCH = [
  'CREATE TABLE seen (id uuid, was text, became text, fence_was bigint, fence bigint, rank_was int, rank int)',
  `CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO seen VALUES (NEW.id, OLD.state, NEW.state, OLD.fence, NEW.fence, OLD.wa_rank, NEW.wa_rank); RETURN NULL; END $$`,
  'CREATE TRIGGER watch AFTER UPDATE ON message FOR EACH ROW EXECUTE FUNCTION watch()',
];

describe(`random histories of ${MESSAGES} messages (HISTORY_SEED=${SEED})`, () => {
  it('break no rule: I3, I6, I8, I9, I13', async () => {
    for (const sql of WATCH) await world.run(sql);
    const random = randomOf(SEED);
    const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
    const messages = await Promise.all(
      Array.from({ length: MESSAGES }, (_, i) =>
        aMessage(world.database, { policy: i % 2 ? 'at_most_once' : 'at_least_once' }),
      ),
    );
    const claims = [world.newClaims(), world.newClaims()];
    const settlements = [world.newSettlements(), world.newSettlements()];
    /** What workers hold in their hands: some of it they settle late, some twice, some never. */
    const inHand: ClaimedMessage[] = [];
    const surprises: unknown[] = [];
    const statuses = Object.keys({ sent: 0, delivered: 0, read: 0, failed: 0 });

    const claim = async () => {
      inHand.push(
        ...(await pick(claims).claim([...new Set([pick(messages).id, pick(messages).id, pick(messages).id])])),
      );
    };
    const settle = async () => {
      if (inHand.length === 0) return;
      const message = pick(inHand);
      const end = pick(Object.keys(ENDS) as (keyof typeof ENDS)[]);
      const wamid = end === 'accepted' ? `wamid.${message.messageId}.${message.attemptNo}` : null;
      await pick(settlements).settle(
        aSettlement(message, end, { ...(ENDS[end].state === 'queued' && { delayMs: 0 }), wamid }),
      );
      if (random() < 0.7) inHand.splice(inHand.indexOf(message), 1);
    };
    const tell = async () => {
      const { id } = pick(messages);
      const attempt = pick([...(await world.attempts(id)), undefined]);
      if (attempt === undefined) return;
      const named = { messageId: id, attemptNo: attempt.no, wamid: `wamid.${id}.${attempt.no}` };
      const status = pick(statuses);
      await world.database.transaction(async (tx) => {
        const unproven = await recordStatuses(tx, [
          {
            ...named,
            status,
            rank: statusRank(status),
            ts: Math.floor(random() * 3),
            code: 0,
            recipient: 'r',
            pricing: null,
            conversation: null,
            errors: null,
            inboxId: uuidv7(),
            eventId: uuidv7(),
          },
        ]);
        await proveAccepted(
          tx,
          unproven.map((proof) => ({ ...proof, reason: 'proved_by_status', by: 'meta' })),
        );
      });
    };
    const reap = async () => {
      await world.run(
        `UPDATE message SET lease_until = now() - interval '1 second' WHERE id = $1 AND state = 'sending'`,
        pick(messages).id,
      );
      await world.reaper.reap();
    };
    const sweep = async () => {
      if (random() < 0.3)
        await world.run(`UPDATE message SET expires_at = now() - interval '1 second' WHERE id = $1`, pick(messages).id);
      await world.sweeper.sweep();
    };

    const allFences = () =>
      world.run<{ id: string; state: string; fence: string }>('SELECT id, state, fence::text FROM message');
    for (let round = 0; round < ROUNDS; round += 1) {
      const steps = Array.from({ length: 6 }, () =>
        pick([claim, claim, claim, settle, settle, settle, settle, tell, tell, reap, sweep]),
      );
      for (const settled of await Promise.allSettled(steps.map((step) => step())))
        if (settled.status === 'rejected') surprises.push(settled.reason);
      expect(
        await world.run(
          `SELECT message_id FROM attempt WHERE state IN ('started', 'uncertain') GROUP BY 1 HAVING count(*) > 1`,
        ),
      ).toEqual([]);
      const open = await world.run(
        `SELECT m.id, m.state FROM message m LEFT JOIN attempt t ON t.message_id = m.id AND t.state IN ('started', 'uncertain')
         WHERE (m.state = 'sending') <> (t.state IS NOT DISTINCT FROM 'started') OR (m.state = 'uncertain') <> (t.state IS NOT DISTINCT FROM 'uncertain')`,
      );
      expect(open).toEqual([]);
    }

    // A worker whose fence is over changes its attempt at most, once the message is settled.
    const before = await allFences();
    const overtaken = inHand.filter(({ messageId, fence }) =>
      before.some((row) => row.id === messageId && BigInt(row.fence) > BigInt(fence) && row.state !== 'uncertain'),
    );
    for (const message of overtaken) await world.newSettlements().settle(aSettlement(message, 'retryable'));
    expect(await allFences()).toEqual(before);

    expect(surprises.map((error) => [databaseErrorKind(error), String(error)])).toEqual([]);
    const count = async (sql: string) => Number((await world.run<{ n: string }>(sql))[0]?.n);
    expect(await count('SELECT count(*) AS n FROM seen WHERE fence < fence_was OR rank < rank_was')).toBe(0);
    expect(
      await count(
        `SELECT count(*) AS n FROM seen WHERE was <> became AND became IN ('sending', 'uncertain') AND NOT (became = 'uncertain' AND was = 'sending') AND fence <= fence_was`,
      ),
    ).toBe(0);
    const transitions = await count('SELECT count(*) AS n FROM seen WHERE was <> became');
    const reported = await count('SELECT count(*) AS n FROM status_event');
    expect(await count(`SELECT count(*) AS n FROM event WHERE type <> 'message.duplicate_suspected'`)).toBe(
      transitions + reported,
    );
    expect(
      await count(`SELECT count(*) AS n FROM event e WHERE type = 'message.duplicate_suspected'
        AND (SELECT count(*) FROM attempt t WHERE t.message_id = e.message_id AND t.wamid IS NOT NULL) < 2`),
    ).toBe(0);
    // I6, I7: an attempt follows only one that ended without being accepted, or of which nothing was known any more.
    expect(
      await count(`SELECT count(*) AS n FROM attempt k JOIN attempt next ON next.message_id = k.message_id AND next.no = k.no + 1
        WHERE k.state NOT IN ('not_sent', 'throttled', 'rejected_retryable')`),
    ).toBe(0);
    expect(transitions).toBeGreaterThan(MESSAGES);
  }, 120_000);
});
