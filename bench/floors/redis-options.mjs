/** Connection of a floor's BullMQ. */
export function redisOptions(url) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}
