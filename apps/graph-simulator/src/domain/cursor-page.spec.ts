import { describe, expect, it } from '@jest/globals';
import { pageOf } from './cursor-page.js';

const ITEMS = Array.from({ length: 60 }, (_, index) => index);

describe('pageOf', () => {
  it('walks forward through all items, 25 at a time', () => {
    const seen: number[] = [];
    let after: string | undefined = '';
    for (let pages = 0; after !== undefined && pages < 9; pages += 1) {
      const page: ReturnType<typeof page25> = page25({ after });
      seen.push(...page.data);
      after = page.paging?.next;
    }
    expect(seen).toEqual(ITEMS);
  });

  it('goes back to the page before', () => {
    const second = pageOf(ITEMS, { limit: '10', after: page25({ limit: '10' }).paging?.cursors.after }, cursorOf);
    expect(second.data[0]).toBe(10);
    expect(page25({ limit: '10', before: second.paging?.cursors.before }).data).toEqual(ITEMS.slice(0, 10));
  });

  it('has neither next nor previous on a single page, and no paging on an empty one', () => {
    expect(Object.keys(page25({ limit: '100' }).paging ?? {})).toEqual(['cursors']);
    expect(pageOf([], {}, cursorOf)).toEqual({ data: [] });
  });
});

function page25(query: { limit?: string; after?: string; before?: string }) {
  return pageOf(ITEMS, query, cursorOf);
}

function cursorOf(cursor: { after: string } | { before: string }): string {
  return 'after' in cursor ? cursor.after : cursor.before;
}
