/**
 * Columns `throughputLimit`, `limitsMet` and `isBroken` of a sender `s`, for use inside a statement: what `laneRate` asks.
 * `limitsMet`: how often in a row a limit was met, of which the last has ended within the parameter's ms. Uses hold's primary key.
 */
export const laneCondition = (releasedForMs: string) => `
  s.throughput_limit AS "throughputLimit", EXISTS (SELECT 1 FROM lane_breaker b WHERE b.phone_number_id = s.phone_number_id) AS "isBroken",
  coalesce((
    SELECT h.step + 1 FROM hold h
    WHERE h.scope = 'sender' AND h.scope_id = s.phone_number_id AND h.until > now() - ${releasedForMs}::int * interval '1 ms'
  ), 0) AS "limitsMet"`;
