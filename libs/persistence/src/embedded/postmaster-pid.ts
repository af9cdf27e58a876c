/** What a running Postgres says of itself in `postmaster.pid`, in its data folder. */
export interface PostmasterPid {
  pid: number;
  /** Missing in a file that the server has not finished yet. */
  port?: number;
}

/** Reads the text of a `postmaster.pid`: a value a line, the pid in the first and the port in the fourth. */
export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const lines = text.split('\n');
  const pid = toPositiveInteger(lines[0]);
  return pid === undefined ? undefined : { pid, port: toPositiveInteger(lines[3]) };
}

function toPositiveInteger(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^[1-9]\d*$/.test(trimmed) ? Number(trimmed) : undefined;
}
