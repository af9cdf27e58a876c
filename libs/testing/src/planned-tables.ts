import type { Database, Statement, Tx } from '#persistence';

/** What Postgres would do for a statement. */
export interface StatementPlan {
  name: string;
  /** Tables, or partitions, that are read or written through the plan. */
  tables: string[];
  /** Those of them that are read from end to end, although they are not small. */
  wholeTables: string[];
}

/** A Tx that plans statements with their real values, and runs none: each gives no rows. */
export function planning(database: Database): { tx: Tx; plans: StatementPlan[] } {
  const plans: StatementPlan[] = [];
  const tx: Tx = {
    query: async ({ name, sql }: Statement, values: unknown[]) => {
      const [row] = await database.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        { name: '', sql: `EXPLAIN (FORMAT JSON) ${sql}` },
        values,
      );
      const nodes = (row?.['QUERY PLAN'] ?? [])
        .flatMap(({ Plan }) => all(Plan))
        .filter((node) => node['Relation Name']);
      const tablesOf = (some: PlanNode[]) => [...new Set(some.map((node) => node['Relation Name'] ?? ''))].sort();
      plans.push({
        name,
        tables: tablesOf(nodes),
        wholeTables: tablesOf(nodes.filter((node) => isWhole(node) && node['Total Cost'] > SMALL)),
      });
      return [];
    },
  };
  return { tx, plans };
}

/** What it costs, in the planner's units, to read what fits into a few pages: no index is quicker. */
const SMALL = 40;

interface PlanNode {
  'Node Type': string;
  'Total Cost': number;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

/** A primary key without a condition is all rows, in the order of their ids. */
const isWhole = (node: PlanNode) =>
  node['Node Type'] === 'Seq Scan' ||
  (node['Index Name']?.includes('_pkey') === true && node['Index Cond'] === undefined);

const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
