/** Whether they open the window nobody knows: they are hints. */
export const HINTS = `'reaction', 'unsupported'`;
/** They are about messages, and open nothing. */
export const SILENT = `'system', 'edit', 'revoke'`;
