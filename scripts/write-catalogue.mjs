/** `npm run docs:catalogue`: writes docs/catalogue.md anew. A test fails while it is not what this writes. */
import { writeFileSync } from 'node:fs';
import { cataloguePage } from '#graph-api';

writeFileSync(new URL('../docs/catalogue.md', import.meta.url), cataloguePage());
