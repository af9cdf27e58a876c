/** Fault drills of every run of the suite, with one seed; `npm run test:faults` has all of them, with any. */
const SHORT_DRILLS = { HERALD_DRILL: 'kill-worker,empty-queue,freeze-worker,lost-answers', HERALD_DRILL_SEED: '1' };

/** Projects of jest.config.mjs that run together; journeys, fault drills and the guard of performance have runs of their own. */
const SHARED_PROJECTS = ['unit', 'int', 'e2e'];

/**
 * The Jest runs of a suite: everything but journeys and drills, then those once a queue backend, because BullMQ has one
 * backend a process. Journeys mostly wait, so two go side by side. Specs may flush Redis, so those that would share a given one run one after the other.
 * The guard of performance runs by itself, because it measures; its floors need a Redis.
 */
export function planRuns({ hasRedis, isRedisShared }) {
  const backends = hasRedis ? ['redis', 'postgres'] : ['postgres'];
  const workers = isRedisShared ? 1 : 2;
  return [
    { name: SHARED_PROJECTS.join('-'), projects: SHARED_PROJECTS, workers, env: {} },
    ...backends.flatMap((backend) => [
      { name: `journey-${backend}`, projects: ['journey'], workers, env: { HERALD_TEST_BACKEND: backend } },
      {
        name: `faults-${backend}`,
        projects: ['faults'],
        workers: 1,
        env: { HERALD_TEST_BACKEND: backend, ...SHORT_DRILLS },
      },
    ]),
    ...(hasRedis ? [{ name: 'guard', projects: ['guard'], workers: 1, env: {} }] : []),
  ];
}

/** Jest's arguments for a run; `extra` are the caller's own, such as a path. */
export function jestArguments({ projects, workers }, resultFile, extra) {
  return [
    '--selectProjects',
    ...projects,
    `--maxWorkers=${workers}`,
    '--passWithNoTests',
    '--json',
    `--outputFile=${resultFile}`,
    ...extra,
  ];
}
