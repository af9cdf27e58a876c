/** Part of `npm run check`: package.json and package-lock.json say exactly what is installed, and from where. */
import { readFileSync } from 'node:fs';
import { lockfileProblems } from './lockfile/lockfile-problems.mjs';

const readJson = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const problems = lockfileProblems(readJson('package.json'), readJson('package-lock.json'));

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
