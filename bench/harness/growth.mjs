/** Below so many dead rows, bytes, or bytes a message a table is too small to judge: one vacuum that comes late, or one page, would be a finding. */
const LEAST = { dead: 2_000, bytes: 1_000_000, bytesPerMessage: 100 };

/**
 * Holds the second half of a run of steady load against its first half.
 * @param samples in order, each `{ messages, tables: { [name]: { dead, bytes } } }`, `messages` counted from any start
 * @param history names of the tables that keep rows of what was sent; every other one shall not grow
 * @returns of `dead` the table whose most dead rows grew most, of `work` the one of the others whose largest size did, of `history` the one that
 *   takes most more bytes a message, and `all` of these together, each `{ table, first, second }`, in rows, bytes and bytes a message.
 *   A table that is too small is named only when all are.
 */
export function compareHalves(samples, history) {
  const middle = Math.floor((samples.length - 1) / 2);
  const names = Object.keys(samples.at(-1).tables);
  const kept = names.filter((name) => history.includes(name));
  const most = (table, figure) => {
    const figures = samples.map(({ tables }) => tables[table]?.[figure] ?? 0);
    return { table, first: Math.max(...figures.slice(0, middle + 1)), second: Math.max(...figures.slice(middle + 1)) };
  };
  const perMessage = (tables, [from, to]) => {
    const bytes = ({ tables: all }) => tables.reduce((sum, name) => sum + (all[name]?.bytes ?? 0), 0);
    return (bytes(to) - bytes(from)) / (to.messages - from.messages);
  };
  const added = (table, tables) => ({
    table,
    first: perMessage(tables, [samples[0], samples[middle]]),
    second: perMessage(tables, [samples[middle], samples.at(-1)]),
  });
  return {
    dead: worst(
      names.map((name) => most(name, 'dead')),
      LEAST.dead,
    ),
    work: worst(
      names.filter((name) => !kept.includes(name)).map((name) => most(name, 'bytes')),
      LEAST.bytes,
    ),
    history: worst(
      kept.map((name) => added(name, [name])),
      LEAST.bytesPerMessage,
    ),
    all: added('all', kept),
  };
}

function worst(tables, least) {
  const larger = ({ first, second }) => Math.max(first, second);
  const judged = tables.filter((table) => larger(table) >= least);
  if (judged.length === 0) return tables.reduce((one, other) => (larger(other) > larger(one) ? other : one));
  // What was too small in the first half counts as if it had just been large enough.
  return judged
    .map((table) => ({ ...table, first: Math.max(table.first, least) }))
    .reduce((one, other) => (other.second / other.first > one.second / one.first ? other : one));
}
