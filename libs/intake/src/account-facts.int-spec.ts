import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFixture } from '#graph-api';
import { keepReadFacts, ViewLimitsService } from '#senders';
import { A_SENDER } from '#testing';
import { type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const WABA = A_SENDER.wabaId;
/** Meta's second in every fixture. */
const TOLD = 1_790_856_000_000;
const at = (seconds: number) => new Date(TOLD + seconds * 1_000);

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('TRUNCATE portfolio_limit, portfolio_user');
  await world.run(
    `UPDATE sender SET throughput_limit = 80, throughput_known_at = NULL, display_number = '+1 555-010-0100'`,
  );
});

/** Hears webhooks one after the other, the entry's time moved by so many seconds. */
async function hear(...webhooks: [file: string, seconds: number][]): Promise<void> {
  for (const [file, seconds] of webhooks) {
    const body = readFixture('webhooks', `${file}.json`).replaceAll('1790856000', String(TOLD / 1_000 + seconds));
    await world.store(body, at(100_000));
    await world.newIntake().apply();
  }
}
const read = (kind: string, value: string, seconds: number) =>
  world.database.transaction((tx) =>
    keepReadFacts(tx, [{ wabaId: WABA, subject: `id:${A_SENDER.phoneNumberId}`, kind, value, at: at(seconds) }]),
  );
const view = () => new ViewLimitsService(world.database).view(A_SENDER.phoneNumberId);
const history = async (...kinds: string[]) =>
  (await view()).history
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ kind, value, knownAt }) => `${kind} ${value} ${(knownAt.getTime() - TOLD) / 1_000}`);

describe('the history of a sender', () => {
  const WEBHOOKS: [string, number][] = [
    ['phone_name_rejected', 0],
    ['capability_250', 10],
    ['phone_name_approved', 20],
    ['phone_quality_throughput', 30],
    ['account_violation', 40],
    ['account_restriction', 40],
    ['security_pin_changed', 50],
  ];

  it('is the same in whatever order webhooks come, and how often', async () => {
    const seen: unknown[] = [];
    for (const order of [
      WEBHOOKS,
      WEBHOOKS.toReversed(),
      [...WEBHOOKS.slice(3), ...WEBHOOKS, ...WEBHOOKS.slice(0, 4)],
    ]) {
      await world.clear();
      await hear(...order);
      seen.push((await view()).history);
    }
    expect(seen[0]).toHaveLength(11);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('says what counts now: what was told last, however late the rest comes', async () => {
    await hear(
      ['phone_name_approved', 20],
      ['phone_name_rejected', 0],
      ['capability_tier_string', 5],
      ['capability_250', 1],
    );
    const { current, limitUsers } = await view();
    expect(current.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'messaging_limit 2000',
      'name_status APPROVED',
      'phone_numbers_limit 25',
      'verified_name Example Shop',
    ]);
    expect(limitUsers).toBe(2_000);
  });

  it('has one row for what is read again and again, and a new one for a change', async () => {
    for (const [value, seconds] of [
      ['GREEN', 0],
      ['GREEN', 60],
      ['RED', 120],
      ['RED', 180],
      ['GREEN', 240],
    ] as const)
      await read('quality_rating', value, seconds);
    expect(await history()).toEqual(['quality_rating GREEN 240', 'quality_rating RED 120', 'quality_rating GREEN 0']);
    expect((await view()).history.at(-1)).toMatchObject({ seenAt: at(60), source: 'read' });
  });

  it('counts what was read later than a webhook tells, though it was first read before', async () => {
    await read('name_status', 'APPROVED', 0);
    await read('name_status', 'APPROVED', 3_600);
    await hear(['phone_name_rejected', 60]);
    expect(await history('name_status')).toEqual(['name_status REJECTED 60', 'name_status APPROVED 0']);
    expect((await view()).current.find(({ kind }) => kind === 'name_status')).toMatchObject({ value: 'APPROVED' });
  });

  it('finds what was told of a number before Herald knew the number', async () => {
    await world.run('UPDATE sender SET display_number = NULL');
    await hear(['phone_name_rejected', 0]);
    expect(await history()).toEqual([]);
    await world.run(`UPDATE sender SET display_number = '+1 (555) 010-0100'`);
    expect(await history()).toEqual(['name_status REJECTED 0']);
  });

  it('has nothing of an account that no sender of ours belongs to', async () => {
    await world.store(readFixture('webhooks', 'account_deleted.json').replaceAll(WABA, '900000000000404'), at(1));
    await world.newIntake().apply();
    expect(await world.run('SELECT FROM account_fact')).toEqual([]);
  });

  it('is kept by two workers at once as by one', async () => {
    const bodies = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K'].map((tier) =>
      readFixture('webhooks', 'capability_250.json').replace('TIER_250', tier),
    );
    for (const body of [...bodies, ...bodies]) await world.store(body, at(10));
    await Promise.all([1, 2, 3, 4].map(() => world.newIntake().apply()));
    expect(await world.run('SELECT users FROM portfolio_limit')).toEqual([{ users: 250 }]);
    expect(await history('messaging_limit')).toHaveLength(4);
  });
});

describe('the quality of a sender', () => {
  /** Hears that the number is flagged, or not, at such seconds. */
  async function flag(...told: [event: string, seconds: number][]): Promise<void> {
    for (const [event, seconds] of told) {
      const body = readFixture('webhooks', 'phone_quality_throughput.json')
        .replaceAll('1790856000', String(TOLD / 1_000 + seconds))
        .replace('THROUGHPUT_UPGRADE', event);
      await world.store(body, at(100_000));
      await world.newIntake().apply();
    }
  }

  it('is what was read, and beside it what webhooks said last, each with its time', async () => {
    expect((await view()).quality).toEqual({ rating: null, ratingSeenAt: null, isFlagged: null, flagKnownAt: null });
    await read('quality_rating', 'GREEN', 0);
    await flag(['FLAGGED', 60]);
    expect((await view()).quality).toEqual({
      rating: 'GREEN',
      ratingSeenAt: at(0),
      isFlagged: true,
      flagKnownAt: at(60),
    });
    await read('quality_rating', 'RED', 120);
    await flag(['UNFLAGGED', 180], ['DOWNGRADE', 240]);
    expect((await view()).quality).toEqual({
      rating: 'RED',
      ratingSeenAt: at(120),
      isFlagged: false,
      flagKnownAt: at(180),
    });
    expect(await history('quality_rating', 'quality_flag')).toEqual([
      'quality_flag UNFLAGGED 180',
      'quality_rating RED 120',
      'quality_flag FLAGGED 60',
      'quality_rating GREEN 0',
    ]);
  });

  it('is the same in whatever order webhooks come; of two in one second the flag counts', async () => {
    const told: [string, number][] = [
      ['FLAGGED', 0],
      ['UNFLAGGED', 60],
      ['FLAGGED', 120],
      ['UNFLAGGED', 120],
    ];
    for (const order of [told, told.toReversed(), [...told, ...told]]) {
      await world.clear();
      await flag(...order);
      expect((await view()).quality).toMatchObject({ isFlagged: true, flagKnownAt: at(120) });
    }
  });
});

describe('people written to first', () => {
  it('in the last 24 hours are counted against the limit', async () => {
    await hear(['capability_250', 0]);
    await world.run(
      `INSERT INTO portfolio_user SELECT w.portfolio_id, '1555010' || n, now() - n * interval '10 hours' FROM waba w, generate_series(0, 3) n`,
    );
    expect(await view()).toMatchObject({ limitUsers: 250, usersLast24h: 3 });
    await world.run('UPDATE portfolio_limit SET users = NULL');
    expect(await view()).toMatchObject({ limitUsers: null, usersLast24h: null });
  });
});
