/**
 * Guards of the delivery protocol, each with the edit that takes it out and the test that must notice. `find` occurs exactly once in
 * `file`; `test` is a path and the beginning of a name, as Jest takes them.
 */
export const MUTATIONS = [
  {
    name: 'fence check',
    file: 'libs/delivery/src/queries/settle-attempts.query.ts',
    find: 'CASE WHEN d.fence = l.fence AND d.state =',
    replace: 'CASE WHEN d.state =',
    test: { path: 'libs/delivery/src/settle-attempt.int-spec', name: 'a settlement that lost its fence' },
  },
  {
    name: 'late results (T3s)',
    file: 'libs/delivery/src/settle-attempt.service.ts',
    find: 'if (settled === null) return this.lateResult.apply(settlement);',
    replace: 'if (settled === null) return;',
    test: { path: 'libs/delivery/src/settle-attempt.int-spec', name: 'a settlement that lost its fence' },
  },
  {
    name: 'inbox watermark',
    file: 'libs/delivery/src/queries/resolve-uncertain.query.ts',
    find: ' AND c.inbox_read_to >= t.resolve_after',
    replace: '',
    test: {
      path: 'libs/delivery/src/resolver.int-spec',
      name: 'the resolver, while absence of evidence proves nothing',
    },
  },
  {
    name: 'status channel',
    file: 'libs/delivery/src/queries/resolve-uncertain.query.ts',
    find: 'AND (c.settled_started_at >= t.uncertain_since',
    replace: 'AND (true OR c.settled_started_at >= t.uncertain_since',
    test: {
      path: 'libs/delivery/src/resolver.int-spec',
      name: 'the resolver, while absence of evidence proves nothing',
    },
  },
  {
    name: 'pair limit',
    file: 'libs/delivery/src/pacing/domain/pair-bucket.ts',
    find: 'afterMs: left >= 0 ? 0 : atMs',
    replace: 'afterMs: left >= -Infinity ? 0 : atMs',
    test: { path: 'libs/delivery/src/pacing/domain/pair-bucket.spec', name: 'a pair then one each 6 s' },
  },
  {
    name: 'one open attempt',
    file: 'prisma/migrations/20261122100000_init/migration.sql',
    find: 'CREATE UNIQUE INDEX "one_open_attempt"',
    replace: 'CREATE INDEX "one_open_attempt"',
    test: { path: 'libs/persistence/src/protocol-refusals.int-spec', name: 'an attempt ' },
  },
];
