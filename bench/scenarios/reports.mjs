import { resultOf } from '../harness/figures.mjs';
import { bytesOfReports, measureReports } from '../reports/run.mjs';

const MESSAGES = 1_000_000;
const ROUNDS = 5;

const messagesOf = (scale) => Math.max(1_000, Math.round(MESSAGES * scale));

/** Bytes of disk that it needs. */
export const reportsBytes = (scale) => bytesOfReports(messagesOf(scale));

/** How long reports and searches take over a month of messages, rolled up and, of the first two, with an hour that is not. */
export async function benchReports({ scale, say }) {
  const messages = messagesOf(scale);
  const { rolledUp, cases } = await measureReports(messages, ROUNDS, say);
  for (const [what, figure] of rolledUp) say(`${what}: ${figure}`);
  return cases.map(({ what, medianMs, targetMs }) =>
    resultOf(`of ${messages} messages: ${what}`, {
      unit: 'ms',
      ours: [{ value: medianMs }],
      target: targetMs === null ? {} : { atMost: targetMs },
    }),
  );
}
