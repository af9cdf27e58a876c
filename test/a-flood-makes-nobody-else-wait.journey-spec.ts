import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { recipients, SENDERS } from './world/senders.js';
import type { LoggedSend } from './world/simulator.js';
import { World } from './world/world.js';

const [SHOP = '', BANK = '', INN = '', CLUB = ''] = SENDERS;
const PRIORITY = { urgent: 0, standard: 1, bulk: 2 };
/** What Meta allows these senders; Herald keeps to 35 of it. */
const LIMIT = 40;
/** What the simulator allows: more, because it counts by its own clock, and this machine may be busy. */
const ENFORCED = 100;

describe('a flood', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      senders: 4,
      throughputLimit: LIMIT,
      env: { PAIR_REFILL_MS: '600000', PACE_AHEAD_MS: '2000' },
      simulator: { SIMULATOR_THROUGHPUT_PER_SECOND: String(ENFORCED) },
    });
  });
  afterAll(() => world.stop());

  const sendsFrom = async (sender: string): Promise<LoggedSend[]> =>
    (await world.simulator.log()).filter(({ phoneNumberId }) => phoneNumberId === sender);

  /** Accepted messages of one client, as T0 leaves them; each to a recipient of its own. @returns its client */
  async function aBacklog(sender: string, priority: keyof typeof PRIORITY, count: number): Promise<string> {
    const clientId = randomUUID();
    await world.query(
      `WITH m AS (
         INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
         SELECT uuidv7(), $1::uuid, $2, (15550100100 + i % 800)::text, 'text', $3, 'at_least_once', now() + interval '1 hour'
         FROM generate_series(1, $4::int) i RETURNING id)
       INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Hello"}}' FROM m`,
      [clientId, sender, PRIORITY[priority], count],
    );
    return clientId;
  }
  /** Lets what a sender has not sent expire. It waits for no lock, so it can be part of no deadlock with the workers. */
  const endBacklog = (sender: string) =>
    world.query(
      `UPDATE message SET expires_at = now() WHERE id IN
         (SELECT id FROM message WHERE phone_number_id = $1 AND state = 'queued' FOR UPDATE SKIP LOCKED)`,
      [sender],
    );

  /** Place of each of a client's messages among all that left a sender. */
  async function placesOf(clientId: string, sender: string): Promise<number[]> {
    const rows = await world.query<{ id: string }>('SELECT id FROM message WHERE client_id = $1', [clientId]);
    const ids = new Set(rows.map(({ id }) => id));
    const sends = await sendsFrom(sender);
    return sends.flatMap(({ attemptId }, place) => (ids.has(attemptId?.split('.')[1] ?? '') ? [place] : []));
  }

  /** How many of these had left when a message was accepted: counted in messages, so that a machine that is slow changes nothing. */
  async function sentBefore(id: string, sends: LoggedSend[]): Promise<number> {
    const [row] = await world.query<{ created_at: Date }>('SELECT created_at FROM message WHERE id = $1', [id]);
    return sends.filter(({ at }) => Date.parse(at) < row!.created_at.getTime()).length;
  }

  it('of one sender leaves at its pace: Meta is never asked too often', async () => {
    const ids = await world.api.sendAll(recipients('0100', 150, 101).map((to) => aText(to, { from: SHOP })));
    await world.untilRead(ids);
    const sends = await sendsFrom(SHOP);
    expect(sends.filter(({ code }) => code !== null)).toEqual([]);
    // 150 at 35 a second; without a pace they would all have left at once.
    const [first, last] = [sends[0], sends.at(-1)].map((send) => Date.parse(send?.at ?? ''));
    expect(last! - first!).toBeGreaterThan(3_000);
  });

  it('of one sender keeps no other waiting', async () => {
    const flooding = await aBacklog(SHOP, 'standard', 400);
    await eventually(async () => expect(await placesOf(flooding, SHOP)).not.toHaveLength(0));
    const ids = await world.api.sendAll(recipients('0100', 5, 301).map((to) => aText(to, { from: BANK })));
    await world.until(ids, "state = 'accepted'");
    const log = await world.simulator.log();
    const lastOfOther = log.findLastIndex(({ phoneNumberId }) => phoneNumberId === BANK);
    const before = await sentBefore(ids[0] ?? '', log);
    // Five of a free sender beside a flooded one: before the flood has sent what it may in a few seconds.
    expect(lastOfOther - before).toBeLessThan(200);
    await endBacklog(SHOP);
  });

  it('to one recipient goes as far as Meta lets it, and holds up nobody else', async () => {
    const [hot = '', ...others] = recipients('0100', 21, 101);
    const flood = await world.api.sendAll(Array.from({ length: 60 }, () => aText(hot, { from: BANK })));
    const rest = await world.api.sendAll(others.map((to) => aText(to, { from: BANK })));
    await world.untilRead(rest);
    await world.until(flood, "state = 'accepted' OR reason = 'pair_pace'");
    const rows = await world.query<{ id: string; state: string; attempt_no: number }>(
      'SELECT id, state, attempt_no FROM message WHERE id = ANY($1::uuid[])',
      [flood],
    );
    const waiting = rows.filter(({ state }) => state === 'queued');
    // 45 at once, and one each 6 s; a token may be lost where two jobs bring one message at the same moment.
    expect(waiting.length).toBeGreaterThanOrEqual(5);
    expect(waiting.length).toBeLessThan(25);
    expect(waiting.every(({ attempt_no }) => attempt_no === 0)).toBe(true);
    expect((await sendsFrom(BANK)).filter(({ code }) => code !== null)).toEqual([]);
    const view = await world.api.message(waiting[0]?.id ?? '');
    expect(view).toMatchObject({ state: 'queued', waitsFor: 'pace.pair', attempts: 0 });
    expect(Date.parse(view.waitsUntil ?? '')).toBeGreaterThan(Date.now());
  });

  it('of bulk lets an urgent message go first', async () => {
    await aBacklog(INN, 'bulk', 1_000);
    await eventually(async () => expect((await sendsFrom(INN)).length).toBeGreaterThan(30));
    const id = await world.api.send(aText('+15550100901', { from: INN, priority: 'urgent' }));
    await world.until([id], "state = 'accepted'");
    const sends = await sendsFrom(INN);
    const place = sends.findIndex(({ attemptId }) => attemptId?.includes(id));
    // What leaves in two seconds at most, of a thousand that wait.
    expect(place - (await sentBefore(id, sends))).toBeLessThan(2 * 35 + 35);
    await endBacklog(INN);
  });

  it('of one client lets the others take turns with it', async () => {
    const flooding = await aBacklog(CLUB, 'standard', 500);
    await eventually(async () => expect((await sendsFrom(CLUB)).length).toBeGreaterThan(20));
    const other = await aBacklog(CLUB, 'standard', 20);
    await eventually(async () => expect(await placesOf(other, CLUB)).toHaveLength(20), { timeoutMs: 60_000 });
    // Behind what was in the queue already, two seconds of pace, and then in turns.
    const [{ id = '' } = {}] = await world.query<{ id: string }>(
      'SELECT id FROM message WHERE client_id = $1 LIMIT 1',
      [other],
    );
    const before = await sentBefore(id, await sendsFrom(CLUB));
    expect(Math.max(...(await placesOf(other, CLUB))) - before).toBeLessThan(2 * 35 + 2 * 20 + 60);
    expect((await placesOf(flooding, CLUB)).length).toBeLessThan(500);
  });
});
