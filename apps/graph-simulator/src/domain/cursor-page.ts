/** One page of a Graph edge. */
export interface Page<T> {
  data: T[];
  paging?: { cursors: { before: string; after: string }; next?: string; previous?: string };
}

const USUAL_LIMIT = 25;
const MAX_LIMIT = 1000;

/**
 * The page of `items` that `limit`, `after` and `before` ask for. `pageUrl` makes the address of a neighbour page from
 * its cursor; `next` and `previous` are there only when such a page is. An empty page has no paging.
 */
export function pageOf<T>(
  items: T[],
  query: { limit?: string; after?: string; before?: string },
  pageUrl: (cursor: { after: string } | { before: string }) => string,
): Page<T> {
  const limit = Math.min(MAX_LIMIT, Math.max(1, Number(query.limit) || USUAL_LIMIT));
  const end = query.before === undefined ? undefined : positionOf(query.before);
  const start = end === undefined ? positionOf(query.after) : Math.max(0, end - limit);
  const data = items.slice(start, end ?? start + limit);
  if (data.length === 0) return { data };
  const before = cursorAt(start);
  const after = cursorAt(start + data.length);
  return {
    data,
    paging: {
      cursors: { before, after },
      ...(start + data.length < items.length ? { next: pageUrl({ after }) } : {}),
      ...(start > 0 ? { previous: pageUrl({ before }) } : {}),
    },
  };
}

/** Opaque to callers: how many items are before it. */
function cursorAt(position: number): string {
  return Buffer.from(`item ${position}`).toString('base64url');
}

function positionOf(cursor: string | undefined): number {
  const position = Number(/^item (\d+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString())?.[1]);
  return Number.isInteger(position) ? position : 0;
}
