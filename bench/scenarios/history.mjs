import { addHistory, HISTORY_BYTES, tidy } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startGraph } from '../harness/herald.mjs';
import { heraldRun } from './send.mjs';

const ROWS = 1_000_000;
const BACKLOG = 50_000;

const rowsOf = (scale) => Math.round(ROWS * scale);

/** Bytes of disk that it needs: what the rows become, and half as much for the way there. */
export const historyBytes = (scale) => rowsOf(scale) * HISTORY_BYTES * 1.5;

/** How fast a backlog is sent when the tables hold the messages of a year, against the same with empty ones. */
export async function benchHistory({ rounds, scale, say, meter }) {
  const rows = rowsOf(scale);
  const graph = await startGraph();
  const backlog = Math.round(BACKLOG * Math.min(1, scale));
  const runs = { none: [], much: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`history, round ${round} of ${rounds}`);
      runs.none.push(await heraldRun(graph, 'redis', backlog, meter, { what: 'send, no history', prepare: tidy }));
      runs.much.push(
        await heraldRun(graph, 'redis', backlog, meter, {
          what: `send, ${rows} messages of the past`,
          prepare: (herald) => addHistory(herald, rows, say),
        }),
      );
    }
    return [
      resultOf(`send with ${rows} messages of the past (floor: with none)`, {
        unit: 'messages/s',
        ours: runs.much,
        floors: runs.none,
        target: { ratio: 0.9 },
      }),
    ];
  } finally {
    await graph.kill('SIGKILL');
  }
}
