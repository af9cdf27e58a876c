/**
 * Options of Node with which a process of Herald runs, as in docker-compose.yml. V8 lets a heap grow with what it may take: with its own
 * limits, made for the whole machine, a worker that sends takes twice the memory and is no faster (docs/performance.md). The api has room
 * for several of the largest requests at once, and for the many short-lived objects of a request. What is no process of Herald has that, too.
 */
export const heapOptions = (program: string): string[] => {
  const isSmall = program === 'worker' || program === 'webhooks';
  return [`--max-semi-space-size=${isSmall ? 4 : 16}`, `--max-old-space-size=${isSmall ? 1024 : 2048}`];
};
