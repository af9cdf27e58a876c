/** How long an uncertain attempt waits for evidence before it may be resolved, ms, by delivery policy. */
export interface Grace {
  atLeastOnceMs: number;
  atMostOnceMs: number;
}

/** Nothing is sent again under at_most_once, so it waits half as long (delivery protocol §6). Whole milliseconds. */
export const graceOf = (uncertainGraceMs: number): Grace => ({
  atLeastOnceMs: uncertainGraceMs,
  atMostOnceMs: Math.floor(uncertainGraceMs / 2),
});
