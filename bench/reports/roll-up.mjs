import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { Logger } from '#observability';
import { RefreshRollupsService } from '#reports';

/** Counts everything into the rollups, as workers do after an update. @returns figures about it */
export async function rollUp(database, url, progress) {
  const startedAt = performance.now();
  progress('counting hours into the rollups');
  const hours = await new RefreshRollupsService(database, Logger.create('silent')).refresh();
  const seconds = (performance.now() - startedAt) / 1_000;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const figures = [
    ['counted anew', `${hours} hours in ${seconds.toFixed(1)} s, ${((seconds / hours) * 1_000).toFixed(0)} ms an hour`],
  ];
  for (const table of ['delivery_hour', 'latency_hour', 'cost_hour']) {
    await client.query(`VACUUM ANALYZE ${table}`);
    const { rows } = await client.query(
      `SELECT count(*)::int AS rows, pg_total_relation_size('${table}') / 1048576 AS mib FROM ${table}`,
    );
    figures.push([table, `${rows[0].rows} rows, ${rows[0].mib} MiB`]);
  }
  await client.query('VACUUM ANALYZE hour_touched');
  await client.end();
  return figures;
}
