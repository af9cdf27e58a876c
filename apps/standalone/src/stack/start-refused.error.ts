/** The stack cannot start. The message is for the person at the terminal: what is wrong, and what helps. */
export class StartRefusedError extends Error {}
