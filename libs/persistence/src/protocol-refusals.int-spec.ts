import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aMessage, createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';
import { violatedConstraint } from './domain/database-error.js';
import { ATTEMPT_STATES, MESSAGE_STATES } from './specs/protocol-rules.js';

let testDatabase: TestDatabase;
let database: Database;
const run = (sql: string, ...values: unknown[]) => database.query({ name: '', sql }, values);
/** The constraint that a statement broke, or the whole error when it broke none. */
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing refused it',
    (error: unknown) => violatedConstraint(error) ?? String(error),
  );

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const ALLOWED: Record<string, string[]> = {
  queued: ['sending', 'expired', 'cancelled', 'unknown', 'accepted'],
  sending: ['accepted', 'queued', 'failed', 'unknown', 'uncertain'],
  uncertain: ['accepted', 'queued', 'failed', 'unknown'],
  unknown: ['accepted', 'queued'],
  failed: ['accepted', 'queued'],
  expired: ['accepted', 'queued'],
  accepted: [],
  cancelled: [],
};
const pairsOf = (states: string[], isAllowed: (from: string, to: string) => boolean, wanted: boolean) =>
  states.flatMap((from) =>
    states.filter((to) => to !== from && isAllowed(from, to) === wanted).map((to) => [from, to]),
  );

describe('a message', () => {
  /** All that goes with a state, so that only the transition itself can be refused. */
  const change = (id: string, to: string) =>
    run(
      `UPDATE message SET state = $2, fence = fence + 1, burned = 0, not_sent = 0, expires_at = now() + interval '1 hour', next_attempt_at = CASE WHEN $2 = 'queued' THEN now() END,
         lease_until = CASE WHEN $2 = 'sending' THEN now() END, lease_owner = CASE WHEN $2 = 'sending' THEN 'w' END WHERE id = $1`,
      id,
      to,
    );
  const isAllowed = (from: string, to: string) => ALLOWED[from]!.includes(to);

  it.each(pairsOf(MESSAGE_STATES, isAllowed, true))('may go from %s to %s', async (from, to) => {
    const { id } = await aMessage(database, { state: from });
    await change(id, to);
    expect(await database.prisma.message.findUnique({ where: { id } })).toMatchObject({ state: to });
  });

  it.each(pairsOf(MESSAGE_STATES, isAllowed, false))('may not go from %s to %s', async (from, to) => {
    const { id } = await aMessage(database, { state: from });
    expect(await refusal(change(id, to))).toBe('message_transition_allowed');
  });

  it.each([
    ['a state that nobody knows', `state = 'junk'`, 'queued', 'message_transition_allowed'],
    ['no due time while queued', 'next_attempt_at = NULL', 'queued', 'message_due_only_while_queued'],
    ['a due time while accepted', 'next_attempt_at = now()', 'accepted', 'message_due_only_while_queued'],
    ['a lease while queued', `lease_until = now(), lease_owner = 'w'`, 'queued', 'message_lease_only_while_sending'],
    ['no lease while sending', 'lease_until = NULL, lease_owner = NULL', 'sending', 'message_lease_only_while_sending'],
    ['a lease of nobody', 'lease_owner = NULL', 'sending', 'message_lease_only_while_sending'],
    ['fed while sending', 'fed_at = now()', 'sending', 'message_fed_only_while_queued'],
    ['a fence that falls', 'fence = fence - 1', 'accepted', 'message_never_goes_back'],
    ['an attempt number that falls', 'attempt_no = attempt_no - 1', 'accepted', 'message_never_goes_back'],
    ['a rank that falls', 'wa_rank = wa_rank - 1', 'accepted', 'message_never_goes_back'],
    ['a rank beyond played', 'wa_rank = 7', 'accepted', 'message_rank_known'],
    ['a policy that nobody knows', `policy = 'maybe_once'`, 'queued', 'message_policy_known'],
    ['a priority that nobody knows', 'priority = 3', 'queued', 'message_priority_known'],
    ['a category source that nobody knows', `category_source = 'dreamt'`, 'queued', 'message_category_source_known'],
    ['more attempts than fences', 'attempt_no = fence + 1', 'accepted', 'message_counters'],
    ['burned less than nothing', 'burned = -1', 'queued', 'message_counters'],
  ])('never has %s', async (_name, set, state, constraint) => {
    const { id } = await aMessage(database, { state, waRank: 2 });
    expect(await refusal(run(`UPDATE message SET ${set} WHERE id = $1`, id))).toBe(constraint);
  });

  it.each([
    ['with an old fence', 'burned = 0'],
    ['with old counters', 'fence = fence + 1'],
    ['with no time left', `fence = fence + 1, burned = 0, expires_at = now() - interval '1 second'`],
  ])('is not redriven %s', async (_name, set) => {
    const { id } = await aMessage(database, { state: 'failed' });
    const redrive = run(`UPDATE message SET state = 'queued', next_attempt_at = now(), ${set} WHERE id = $1`, id);
    expect(await refusal(redrive)).toBe('message_redriven_afresh');
  });

  it('is not redriven while an attempt is open', async () => {
    const { id } = await aMessage(database, { state: 'failed', attempts: [{ state: 'uncertain' }] });
    const set = `state = 'queued', next_attempt_at = now(), fence = fence + 1, burned = 0`;
    expect(await refusal(run(`UPDATE message SET ${set} WHERE id = $1`, id))).toBe('message_redriven_afresh');
  });

  it('is not cancelled when an attempt of it may have gone through', async () => {
    const { id } = await aMessage(database, { state: 'queued', attempts: [{ state: 'abandoned' }] });
    const cancel = run(`UPDATE message SET state = 'cancelled', next_attempt_at = NULL WHERE id = $1`, id);
    expect(await refusal(cancel)).toBe('message_cancelled_unsent');
  });

  it.each([
    ['sending', { state: 'sending', leaseUntil: new Date(), leaseOwner: 'w', nextAttemptAt: null }],
    ['with a fence', { fence: 1n }],
    ['with an attempt', { fence: 1n, attemptNo: 1 }],
  ])('never starts %s', async (_name, overrides) => {
    const { attempts: _, ...row } = await aMessage(database);
    const insert = database.prisma.message.create({ data: { ...row, id: randomUUID(), ...overrides } });
    await expect(insert).rejects.toThrow(/message_starts_queued|starts (sending|queued), not queued/);
  });
});

describe('an attempt', () => {
  const OPEN_ENDS = ['accepted', 'not_sent', 'throttled', 'rejected_retryable', 'rejected_permanent'];
  const isAllowed = (from: string, to: string) =>
    from === 'started' ||
    (from === 'uncertain' && [...OPEN_ENDS, 'abandoned'].includes(to)) ||
    (from === 'abandoned' && OPEN_ENDS.includes(to));
  const change = (id: string, to: string) =>
    run(
      `UPDATE attempt SET state = $2, ended_at = CASE WHEN $2 <> 'started' THEN now() END, wamid = 'wamid.x', uncertain_since = now(), resolve_after = now() WHERE message_id = $1`,
      id,
      to,
    );
  const anAttempt = (state: string) => aMessage(database, { state: 'accepted', attempts: [{ state }] });

  it.each(pairsOf(ATTEMPT_STATES, isAllowed, true))('may go from %s to %s', async (from, to) => {
    const { id } = await anAttempt(from);
    await change(id, to);
    expect(await database.prisma.attempt.findFirst({ where: { messageId: id } })).toMatchObject({ state: to });
  });

  it.each(pairsOf(ATTEMPT_STATES, isAllowed, false))('may not go from %s to %s', async (from, to) => {
    const { id } = await anAttempt(from);
    expect(await refusal(change(id, to))).toBe('attempt_transition_allowed');
  });

  it.each([
    ['a state that nobody knows', `state = 'junk', ended_at = now()`, 'started', 'attempt_state_known'],
    ['an end while started', 'ended_at = now()', 'started', 'attempt_ended_unless_started'],
    ['no end while over', 'ended_at = NULL', 'not_sent', 'attempt_ended_unless_started'],
    ['acceptance without a wamid', 'wamid = NULL', 'accepted', 'attempt_accepted_has_wamid'],
    ['doubt without a beginning', 'uncertain_since = NULL', 'uncertain', 'attempt_uncertain_has_since'],
    ['doubt without an end', 'resolve_after = NULL', 'uncertain', 'attempt_uncertain_has_since'],
    ['a number below one', 'no = 0', 'not_sent', 'attempt_no_from_one'],
  ])('never has %s', async (_name, set, state, constraint) => {
    const { id } = await anAttempt(state);
    expect(await refusal(run(`UPDATE attempt SET ${set} WHERE message_id = $1`, id))).toBe(constraint);
  });

  const insert = (id: string, no: number, state: string) =>
    run(
      `INSERT INTO attempt (message_id, no, fence, state, started_at) VALUES ($1, $2::int, $2::int, $3, now())`,
      id,
      no,
      state,
    );
  it.each([
    ['a second open one beside a started', 'sending', 2, 'started', 'one_open_attempt'],
    ['a second open one beside an uncertain', 'uncertain', 2, 'started', 'one_open_attempt'],
    ['the same number twice', 'accepted', 1, 'started', 'attempt_pkey'],
    ['one that starts over', 'queued', 1, 'not_sent', 'attempt_starts_started'],
  ])('is never %s', async (_name, state, no, attemptState, constraint) => {
    const { id } = await aMessage(database, { state });
    expect(await refusal(insert(id, no, attemptState))).toBe(constraint);
  });
});

describe('what is written once', () => {
  const sha = () => Buffer.from(randomUUID().replaceAll('-', '').padEnd(32, '0')).subarray(0, 32);
  async function setup() {
    const { id, clientId } = await aMessage(database, { state: 'accepted' });
    await run(`INSERT INTO inbox (id, raw, sha256) VALUES ($1, 'raw', $2)`, id, sha());
    await run(
      `INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, rank, inbox_id, event_id, client_id) VALUES ($1, 1, 'r', 'sent', 1, 2, $1, $1, $2)`,
      id,
      clientId,
    );
    await run(`INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'message.sent', $1)`, id, clientId);
    return { id, clientId };
  }

  it.each([
    ['content', `UPDATE message_content SET content = '{}' WHERE id = $1`, 'message_content_written_once'],
    ['tags', `UPDATE message_content SET tags = '{x}' WHERE id = $1`, 'message_content_written_once'],
    ['a raw notification', `UPDATE inbox SET raw = 'other' WHERE id = $1`, 'inbox_written_once'],
    [
      'its hash, even while redacting',
      `UPDATE inbox SET redacted_at = now(), sha256 = sha256('x') WHERE id = $1`,
      'inbox_written_once',
    ],
    ['a status', `UPDATE status_event SET rank = 3 WHERE message_id = $1`, 'status_event_written_once'],
    ['an event', `UPDATE event SET payload = '{"a":1}' WHERE id = $1`, 'event_written_once'],
    ['the type of an event', `UPDATE event SET type = 'x' WHERE id = $1`, 'event_written_once'],
  ])('keeps %s', async (_name, sql, constraint) => {
    const { id } = await setup();
    expect(await refusal(run(sql, id))).toBe(constraint);
  });

  it('lets content be erased, once, raw bytes piece by piece, and an event be numbered, once', async () => {
    const { id } = await setup();
    await run(`UPDATE message_content SET content = NULL, erased_at = now() WHERE id = $1`, id);
    for (const raw of ['a longer one, of the first erasure', 'less', ''])
      await run(`UPDATE inbox SET raw = convert_to($2, 'UTF8'), redacted_at = now() WHERE id = $1`, id, raw);
    await run(`UPDATE event SET seq = 1 WHERE id = $1`, id);
    expect(await refusal(run(`UPDATE message_content SET content = '{}', erased_at = now() WHERE id = $1`, id))).toBe(
      'message_content_written_once',
    );
    expect(await refusal(run(`UPDATE inbox SET raw = 'x', redacted_at = now() WHERE id = $1`, id))).toBe(
      'inbox_written_once',
    );
    expect(await refusal(run(`UPDATE event SET seq = 2 WHERE id = $1`, id))).toBe('event_written_once');
  });

  it('numbers no two events of a client alike', async () => {
    const { id, clientId } = await setup();
    await run(`UPDATE event SET seq = 1 WHERE id = $1`, id);
    const again = run(`INSERT INTO event (id, client_id, type, seq) VALUES ($1, $2, 'x', 1)`, randomUUID(), clientId);
    expect(await refusal(again)).toBe('event_seq');
  });
});

describe('what is there once', () => {
  const hash = Buffer.alloc(32);
  const twice: [string, string, unknown[], string][] = [
    [
      'an Idempotency-Key of a client',
      `INSERT INTO idempotency_key (client_id, key, hash, status, response) VALUES ($1, 'key:k', $2, 202, '{}')`,
      [randomUUID(), hash],
      'idempotency_key_pkey',
    ],
    [
      'a status of an attempt',
      `INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, rank, inbox_id, event_id, client_id) VALUES ($1, 1, 'r', 'sent', 1, 2, $1, $1, $1)`,
      [randomUUID()],
      'status_event_pkey',
    ],
    [
      'an orphan status',
      `INSERT INTO orphan_status (wamid, recipient, status, ts, item, inbox_id, received_at) VALUES ('w', 'r', 'sent', 1, '{}', $1, now())`,
      [randomUUID()],
      'orphan_status_pkey',
    ],
    [
      'an inbound message',
      `INSERT INTO inbound_message (wamid, phone_number_id, waba_id, contact, type, ts, content, inbox_id, received_at) VALUES ('w', '1', '2', '3', 'text', now(), '{}', $1, now())`,
      [randomUUID()],
      'inbound_message_pkey',
    ],
    ['a notification', `INSERT INTO inbox_hash (sha256) VALUES ($1)`, [hash], 'inbox_hash_pkey'],
    ['a hold', `INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', '1', 'r')`, [], 'hold_pkey'],
    [
      'an open alert',
      `INSERT INTO alert (id, kind, scope, scope_id, advice) VALUES (gen_random_uuid(), 'k', 's', '1', 'a')`,
      [],
      'one_open_alert',
    ],
  ];
  it.each(twice)('refuses %s twice', async (_name, sql, values, constraint) => {
    await run(sql, ...values);
    expect(await refusal(run(sql, ...values))).toBe(constraint);
  });

  it.each([
    [
      'a key of no kind',
      `INSERT INTO idempotency_key (client_id, key, hash, status, response) VALUES (gen_random_uuid(), 'k', sha256('x'), 202, '{}')`,
      'idempotency_key_kind',
    ],
    [
      'a key with half a hash',
      `INSERT INTO idempotency_key (client_id, key, hash, status, response) VALUES (gen_random_uuid(), 'key:k', 'half', 202, '{}')`,
      'idempotency_key_hash_is_sha256',
    ],
    [
      'a notification with half a hash',
      `INSERT INTO inbox (id, raw, sha256) VALUES (gen_random_uuid(), 'r', 'half')`,
      'inbox_sha256_length',
    ],
    [
      'work in an unknown state',
      `INSERT INTO inbox_work (inbox_id, state) VALUES (gen_random_uuid(), 'lost')`,
      'inbox_work_state_known',
    ],
    [
      'work in hand without a lease',
      `INSERT INTO inbox_work (inbox_id, state) VALUES (gen_random_uuid(), 'processing')`,
      'inbox_work_lease_only_while_processing',
    ],
    [
      'a sender that may send nothing',
      `INSERT INTO sender (phone_number_id, waba_id, access_token_id, throughput_limit) VALUES ('1', '2', gen_random_uuid(), 0)`,
      'sender_throughput_positive',
    ],
    [
      'a hold on an unknown scope',
      `INSERT INTO hold (scope, scope_id, reason) VALUES ('world', '1', 'r')`,
      'hold_scope_known',
    ],
  ])('refuses %s', async (_name, sql, constraint) => {
    expect(await refusal(run(sql))).toBe(constraint);
  });
});
