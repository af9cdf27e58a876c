/**
 * `npm run -s drill:pace -- [--backend redis|postgres|both] [--drill hot-pairs|otp] [--seconds 120] [--backlog 100000]`: shows at
 * full scale that sending keeps to Meta's limits and that nobody waits behind somebody else. Ends with `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { isRedisAvailable } from '#testing';
import { hotPairs } from './pace-drill/hot-pairs.mjs';
import { otpBehindBulk } from './pace-drill/otp-behind-bulk.mjs';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'both' },
    drill: { type: 'string', default: 'all' },
    seconds: { type: 'string', default: '120' },
    backlog: { type: 'string', default: '100000' },
  },
});
const DRILLS = {
  'hot-pairs': (backend) => hotPairs(backend, { durationS: Number(values.seconds) }),
  otp: (backend) => otpBehindBulk(backend, { backlog: Number(values.backlog) }),
};
const backends =
  values.backend === 'both' ? (isRedisAvailable() ? ['redis', 'postgres'] : ['postgres']) : [values.backend];
const drills = values.drill === 'all' ? Object.keys(DRILLS) : [values.drill];
if (
  drills.some((name) => !Object.hasOwn(DRILLS, name)) ||
  backends.some((name) => !['redis', 'postgres'].includes(name))
) {
  console.error(
    'usage: npm run -s drill:pace -- [--backend redis|postgres|both] [--drill hot-pairs|otp|all] [--seconds 120] [--backlog 100000]',
  );
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const backend of backends)
  for (const name of drills) {
    console.log(`${name} on ${backend}`);
    for (const [what, isKept] of await DRILLS[name](backend)) {
      console.log(`  ${isKept ? '✓' : '✗'} ${what}`);
      if (isKept) passed += 1;
      else failed += 1;
    }
  }
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
