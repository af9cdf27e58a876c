/** `npm run docs:explanations`: writes docs/explanations.md anew. A test fails while it is not what this writes. */
import { writeFileSync } from 'node:fs';
import { explanationsPage } from '#messages';

writeFileSync(new URL('../docs/explanations.md', import.meta.url), explanationsPage());
