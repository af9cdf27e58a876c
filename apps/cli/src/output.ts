/** One value a line on stdout: nothing else is ever written there. */
export function print(...lines: string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** Values of one thing, separated by tabs; what is not known is `-`. */
export function row(...values: (string | number | Date | null | undefined)[]): string {
  return values.map((value) => (value instanceof Date ? value.toISOString() : String(value ?? '-'))).join('\t');
}

/** A line for whoever looks on: it changes nothing of what the command did. */
export function warn(line: string): void {
  process.stderr.write(`Warning: ${line}\n`);
}
