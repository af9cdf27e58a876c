import type { Statement, Tx } from '#persistence';
import type { ExplanationRow } from '../explanations.js';

const LOCK_EXPLANATIONS: Statement = {
  name: 'lock-explanations',
  sql: 'LOCK TABLE explanation IN SHARE ROW EXCLUSIVE MODE',
};

const REMOVE_EXPLANATIONS: Statement = { name: 'remove-explanations', sql: 'DELETE FROM explanation' };

const PUBLISH_EXPLANATIONS: Statement = {
  name: 'publish-explanations',
  sql: `
INSERT INTO explanation (no, state, fact, code_from, code_to, title, advice, move)
SELECT n, state, fact, code_from, code_to, title, advice, move
FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY
  v(state, fact, code_from, code_to, title, advice, move, n)`,
};

/** Puts the words where SQL finds them, in the place of those of an earlier version. Readers see the old ones until it commits. */
export async function publishExplanations(tx: Tx, rows: readonly ExplanationRow[]): Promise<void> {
  await tx.query(LOCK_EXPLANATIONS, []);
  await tx.query(REMOVE_EXPLANATIONS, []);
  await tx.query(PUBLISH_EXPLANATIONS, [
    rows.map(({ state }) => state),
    rows.map(({ fact }) => fact),
    rows.map(({ codeFrom }) => codeFrom),
    rows.map(({ codeTo }) => codeTo),
    rows.map(({ title }) => title),
    rows.map(({ advice }) => advice),
    rows.map(({ move }) => move),
  ]);
}
