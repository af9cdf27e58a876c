/** The command was called wrongly: its message says how, in one line. Ends with exit code 2. */
export class UsageError extends Error {}

/** The command was called rightly and cannot be done: its message says why, in one line. Ends with exit code 1. */
export class RefusedError extends Error {}
