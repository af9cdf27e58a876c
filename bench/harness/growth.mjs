/** What a comparison of little with next to nothing must not become a finding: dead rows, bytes, bytes a message. */
const LEAST = { dead: 2_000, bytes: 1_000_000, bytesPerMessage: 100 };

/**
 * Holds the second half of a run of steady load against its first half.
 * @param samples in order, each `{ messages, tables: { [name]: { dead, bytes } } }`, `messages` counted from any start
 * @param history names of the tables that keep a row of what was sent; every other one shall not grow
 * @returns of `dead` the table whose most dead rows grew most, of `work` the one of the others whose largest size did, of `history` the one that takes
 *   most more bytes a message, and `all` of these together, each `{ table, first, second }`, in rows, bytes and bytes a message. What is too little to compare
 *   counts as so much.
 */
export function compareHalves(samples, history) {
  const middle = Math.floor((samples.length - 1) / 2);
  const halves = [samples.slice(0, middle + 1), samples.slice(middle + 1)];
  const names = Object.keys(samples.at(-1).tables);
  const most = (table, what) =>
    halves.map((half) => Math.max(LEAST[what], ...half.map(({ tables }) => tables[table]?.[what] ?? 0)));
  const perMessage = (tables) =>
    [
      [samples[0], samples[middle]],
      [samples[middle], samples.at(-1)],
    ].map(([from, to]) => {
      const grown = tables.reduce((sum, name) => sum + to.tables[name].bytes - (from.tables[name]?.bytes ?? 0), 0);
      return Math.max(LEAST.bytesPerMessage, grown / (to.messages - from.messages));
    });
  const worst = (tables, of) =>
    tables
      .map((table) => [table, ...of(table)])
      .map(([table, first, second]) => ({ table, first, second }))
      .reduce((one, other) => (other.second / other.first > one.second / one.first ? other : one));
  const kept = names.filter((name) => history.includes(name));
  const [first, second] = perMessage(kept);
  return {
    dead: worst(names, (table) => most(table, 'dead')),
    work: worst(
      names.filter((name) => !history.includes(name)),
      (table) => most(table, 'bytes'),
    ),
    history: worst(kept, (table) => perMessage([table])),
    all: { table: 'all', first, second },
  };
}
