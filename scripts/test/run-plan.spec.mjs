import { describe, expect, it } from '@jest/globals';
import { jestArguments, planRuns } from './run-plan.mjs';

describe('planRuns', () => {
  it('runs journeys and drills once a backend', () => {
    const runs = planRuns({ hasRedis: true, isRedisShared: false });
    expect(runs.map(({ name }) => name)).toEqual([
      'unit-int-e2e',
      'journey-redis',
      'faults-redis',
      'journey-postgres',
      'faults-postgres',
      'guard',
    ]);
    expect(runs.map(({ env }) => env.HERALD_TEST_BACKEND)).toEqual([
      undefined,
      'redis',
      'redis',
      'postgres',
      'postgres',
      undefined,
    ]);
    expect(runs[2].env.HERALD_DRILL_SEED).toBe('1');
  });

  it('leaves the Redis half out when there is no Redis', () => {
    const runs = planRuns({ hasRedis: false, isRedisShared: false });
    expect(runs.map(({ name }) => name)).toEqual(['unit-int-e2e', 'journey-postgres', 'faults-postgres']);
  });

  it.each([
    [true, 1],
    [false, 2],
  ])('with a shared Redis = %s uses %i workers', (isRedisShared, workers) => {
    const runs = planRuns({ hasRedis: true, isRedisShared });
    expect(runs.slice(0, 2).map((run) => run.workers)).toEqual([workers, workers]);
  });
});

describe('jestArguments', () => {
  it('keeps a path of the caller apart from the list of projects', () => {
    const args = jestArguments({ projects: ['unit', 'int'], workers: 2 }, '/r.json', ['libs/queues']);
    expect(args).toEqual([
      '--selectProjects',
      'unit',
      'int',
      '--maxWorkers=2',
      '--passWithNoTests',
      '--json',
      '--outputFile=/r.json',
      'libs/queues',
    ]);
  });
});
