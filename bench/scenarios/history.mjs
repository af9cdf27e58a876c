import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { addHistory, HISTORY_BYTES } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startGraph } from '../harness/herald.mjs';
import { heraldRun } from './send.mjs';

const ROWS = 1_000_000;
const BACKLOG = 50_000;

/** How fast a backlog is sent when the tables hold the messages of a year, against the same with empty ones. */
export async function benchHistory({ rounds, scale, say, meter }) {
  const rows = Math.round(ROWS * scale);
  await refuseWithoutRoom(rows * HISTORY_BYTES);
  const graph = await startGraph();
  const backlog = Math.round(BACKLOG * Math.min(1, scale));
  const runs = { none: [], much: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`history, round ${round} of ${rounds}`);
      runs.none.push(await heraldRun(graph, 'redis', backlog, meter, { what: 'send, no history' }));
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

async function refuseWithoutRoom(bytes) {
  const { bavail, bsize } = await statfs(tmpdir());
  const [needed, free] = [bytes, bavail * bsize].map((size) => Math.ceil(size / 1e9));
  if (free < needed * 1.5)
    throw new Error(`history needs ${needed} GB and half as much again; ${tmpdir()} has ${free} GB`);
}
