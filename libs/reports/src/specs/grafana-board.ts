import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';

/** A panel, or the query of a variable, of a board. */
export interface BoardQuery {
  /** `delivery: Funnel by hour` */
  name: string;
  sql: string;
}

interface Target {
  rawSql: string;
  datasource: { uid: string };
}
interface Board {
  uid: string;
  panels: { title: string; datasource: { uid: string }; targets: Target[] }[];
  templating: { list: { name: string; query: string; datasource: { uid: string } }[] };
}

/** The boards of grafana/dashboards, by the names of their files. */
export function readBoards(): Map<string, Board> {
  const folder = join(projectRoot(), 'grafana/dashboards');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Board]),
  );
}

/** Everything that a board asks the database. */
export function queriesOf(board: string, { panels, templating }: Board): BoardQuery[] {
  return [
    ...templating.list.map(({ name, query }) => ({ name: `${board}: $${name}`, sql: query })),
    ...panels.flatMap(({ title, targets }) =>
      targets.map(({ rawSql }) => ({ name: `${board}: ${title}`, sql: rawSql })),
    ),
  ];
}

/** What Grafana makes of a query: its macros for time, and its variables as lists of SQL texts. @throws on any that it does not know */
export function fillIn(sql: string, values: { from: string; to: string; variables: Record<string, string[]> }): string {
  const filled = sql
    .replaceAll(
      /\$__timeFilter\(([^)]*)\)/g,
      (_, column: string) => `${column} BETWEEN '${values.from}' AND '${values.to}'`,
    )
    .replaceAll('$__timeFrom()', `'${values.from}'`)
    .replaceAll('$__timeTo()', `'${values.to}'`)
    .replaceAll(/\$\{(\w+):sqlstring\}/g, (_, name: string) => {
      const chosen = values.variables[name];
      if (chosen === undefined) throw new Error(`no board has a variable ${name}`);
      return chosen.map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
    });
  if (/\$\{|\$__|\$[a-z]/.test(filled)) throw new Error(`not filled in: ${filled}`);
  return filled;
}
