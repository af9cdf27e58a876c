/**
 * `npm run -s bench -- [--only validation,media,feeder]`: measures, and judges nothing: what is measured and what was meant stand side by
 * side. Machines are noisy; compare figures of one run.
 */
import { parseArgs } from 'node:util';
import { benchFeeder } from './bench/feeder.mjs';
import { benchMedia } from './bench/media.mjs';
import { benchValidation } from './bench/validation.mjs';

const BENCHES = { validation: benchValidation, media: benchMedia, feeder: benchFeeder };

const { values } = parseArgs({ options: { only: { type: 'string', default: Object.keys(BENCHES).join(',') } } });
const names = values.only.split(',');
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`--only must be of ${Object.keys(BENCHES).join(', ')}, not ${unknown.join(', ')}`);
  process.exit(2);
}
for (const name of names) {
  console.log(name);
  for (const [what, figure, meant] of await BENCHES[name]()) console.log(`  ${what}: ${figure} (meant: ${meant})`);
}
process.exit(0);
