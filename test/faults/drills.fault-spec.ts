import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { currentBackend } from '#testing';
import { startStoppablePostgres } from '../world/stoppable-postgres.js';
import { World } from '../world/world.js';
import { audit } from './audit.js';
import { makeScene } from './drill.js';
import { META_DRILLS } from './drills/meta.drills.js';
import { PROCESS_DRILLS } from './drills/process.drills.js';
import { STORAGE_DRILLS } from './drills/storage.drills.js';
import { readFacts } from './facts.js';
import { randomFrom } from './random.js';

/** The protocol's times at a twentieth. */
const TWENTIETH = {
  SEND_LEASE_MS: '4500',
  SEND_WRITE_GUARD_MS: '1000',
  GRAPH_TIMEOUT_MS: '2500',
  GRAPH_CONNECT_TIMEOUT_MS: '250',
  UNCERTAIN_GRACE_MS: '6000',
  UNCERTAIN_MAX_GRACE_MS: '45000',
  CHANNEL_SETTLE_MS: '1500',
  RESOLVE_INTERVAL_MS: '250',
  RETRY_BASE_MS: '100',
  REFEED_AFTER_MS: '3000',
  REAP_INTERVAL_MS: '250',
  SWEEP_INTERVAL_MS: '1500',
  INBOX_LEASE_MS: '1500',
  PAIR_REFILL_MS: '300',
  LANE_PROBE_INTERVAL_MS: '250',
};
/** The protocol's own: what a journey speeds up is as it is in production. */
const PROTOCOL = Object.fromEntries([...Object.keys(TWENTIETH), 'FEED_INTERVAL_MS'].map((name) => [name, undefined]));
/** How long messages may take to end once all is healed, ms: the longest wait of the protocol, and a busy machine. */
const QUIET_MS = 150_000;
/** What each message may take beside that, ms: how fast a backlog is sent is measured by the bench, not here. */
const QUIET_MS_PER_MESSAGE = 5;

const {
  HERALD_DRILL: only = '',
  HERALD_DRILL_SCALE: scale,
  HERALD_DRILL_SEED: seed = '1',
  HERALD_DRILL_SIZE: size,
  HERALD_DRILL_REPORT: report,
} = process.env;
const wanted = only.split(',').filter((name) => name !== '');
const DRILLS = [...PROCESS_DRILLS, ...STORAGE_DRILLS, ...META_DRILLS].filter(
  ({ name, isFullScale = false }) =>
    (wanted.length === 0 || wanted.includes(name)) && (scale === undefined || (scale === 'full') === isFullScale),
);

describe(`drills on ${currentBackend()}, seed ${seed}`, () => {
  it('exist', () => expect(DRILLS.length).toBeGreaterThan(0));

  it.each(DRILLS.map((drill) => [drill.name, drill.what, drill] as const))(
    '%s: %s',
    async (name, _what, drill) => {
      const postgres = drill.stopsPostgres ? await startStoppablePostgres() : undefined;
      const world = await World.start({
        // As in production, where nothing compiled is kept: it takes memory.
        env: { ...(drill.isFullScale ? PROTOCOL : TWENTIETH), NODE_DISABLE_COMPILE_CACHE: '1' },
        ...(postgres && { databaseUrl: postgres.url }),
      });
      if (postgres) world.atVeryEnd(() => postgres.remove());
      try {
        const scene = makeScene(world, randomFrom(Number(seed)), postgres);
        const ids = await drill.run(scene, Number(size ?? drill.size ?? 0));
        const healedAt = performance.now();
        await world.until(
          ids,
          "state NOT IN ('queued', 'sending', 'uncertain')",
          drill.isFullScale ? 20 * 60_000 : QUIET_MS + ids.length * QUIET_MS_PER_MESSAGE,
        );
        const recoverySeconds = Math.round((performance.now() - healedAt) / 100) / 10;
        const { violations, figures } = audit(await readFacts(world, ids));
        if (report)
          appendFileSync(
            report,
            `${JSON.stringify({ backend: currentBackend(), drill: name, ...figures, recoverySeconds })}\n`,
          );
        expect(violations).toEqual([]);
        expect(figures.lost).toBe(0);
        if (name.startsWith('lost-answers')) expect(figures.duplicates).toBe(0);
      } finally {
        await world.stop();
      }
    },
    1_800_000,
  );
});
