import type { Tx } from '#persistence';
import { chargeTotals, PROJECTIONS, projectionRows } from '../projections.js';

/** How the live rows of a table compare to those that the notifications lead to. */
export interface ComparedTable {
  table: string;
  /** Rows that either side has. */
  compared: number;
  /** Of those: other than the notifications say, missing, or followed by none. */
  differing: number;
  /** Keys of some that differ. */
  examples: string[];
}

const EXAMPLES = 5;

/**
 * Compares every table, rows by their keys. One that differs is looked at again: if it is not what it was when the replay began, it has
 * been changed meanwhile, and is left out.
 */
export async function compareReplay(tx: Tx, schema: string): Promise<ComparedTable[]> {
  const tables = PROJECTIONS.map((projection) => ({
    name: projection.name,
    live: projectionRows(projection, schema, schema),
    replayed: projectionRows(projection, 'pg_temp', schema),
  }));
  const totals = {
    name: 'charge',
    live: chargeTotals(`${schema}.charge`, `${schema}.tier_adjustment`),
    replayed: chargeTotals('pg_temp.charge', 'pg_temp.tier_adjustment'),
  };
  const compared: ComparedTable[] = [];
  for (const { name, live, replayed } of [...tables, totals]) {
    const differences = await tx.query<{ key: string | null; was: string | null; compared: number }>(
      { name: '', sql: differencesOf(replayed) },
      [name],
    );
    const rows = differences.flatMap(({ key, was }) => (key === null ? [] : [{ key, was }]));
    const keys = name === 'charge' ? rows.map(({ key }) => key) : await stillThere(tx, live, rows);
    compared.push({
      table: name,
      compared: Number(differences[0]?.compared ?? 0),
      differing: keys.length,
      examples: keys.slice(0, EXAMPLES),
    });
  }
  return compared;
}

/** One row at least, with how many were compared; a row each that differs. */
const differencesOf = (replayed: string) => `
WITH r AS MATERIALIZED (
  SELECT key, md5(row)::uuid AS hash FROM (${replayed}) x
), d AS MATERIALIZED (
  SELECT coalesce(l.key, r.key) AS key, l.hash AS was, l.hash IS DISTINCT FROM r.hash AS differs
  FROM (SELECT key, hash FROM replay_live WHERE projection = $1) l FULL JOIN r ON r.key = l.key
), c AS (SELECT count(*)::int AS compared FROM d)
SELECT d.key, d.was, c.compared FROM c LEFT JOIN d ON d.differs ORDER BY d.key`;

/** Those that the live table still has as it had when the replay began. */
async function stillThere(tx: Tx, live: string, rows: { key: string; was: string | null }[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const sql = `
SELECT v.key FROM unnest($1::text[], $2::uuid[]) v(key, was)
LEFT JOIN (SELECT key, md5(row)::uuid AS hash FROM (${live}) x WHERE key = ANY($1::text[])) n ON n.key = v.key
WHERE n.hash IS NOT DISTINCT FROM v.was ORDER BY v.key`;
  const still = await tx.query<{ key: string }>({ name: '', sql }, [
    rows.map(({ key }) => key),
    rows.map(({ was }) => was),
  ]);
  return still.map(({ key }) => key);
}
