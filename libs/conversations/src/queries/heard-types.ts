/** Whether they open the window nobody knows: they are hints. `unknown` is what `unsupported` was called before. */
export const HINTS = `'reaction', 'unsupported', 'unknown'`;
/** They are about messages, and open nothing. */
export const SILENT = `'system', 'edit', 'revoke'`;

/** SQL: whether an `inbound_message` opens the window of its contact for certain; what is written in a group opens none. */
export const opensForCertain = (row: string): string =>
  `${row}.type NOT IN (${HINTS}, ${SILENT}) AND ${row}.content ->> 'group_id' IS NULL`;
