/** Something that tells who has a number. `owner`: a user id was first named with it. */
export type NumberMark =
  { at: Date; kind: 'left' } | { at: Date; kind: 'arrived' } | { at: Date; kind: 'owner'; userId: string };

/** The time in which one person has a number: from `from` until just before `until`. */
export interface Tenure {
  from: Date;
  until: Date | null;
  userId: string | null;
  /** When its holder moved to another number. */
  leftAt: Date | null;
}

/** Before anything that Meta can tell. */
export const EVER = new Date(0);

const ORDER = { left: 0, arrived: 1, owner: 2 };

/**
 * Who had a number when: numbers are given to other people, user ids never are. So a second user id ends the time of the first
 * holder, when that one left the number if it is known, else when somebody else moved to it, else then and there. A number that
 * its holder left stays theirs while nothing shows that somebody else has it. At least one, in order, without gaps.
 */
export function tenuresOf(marks: readonly NumberMark[]): Tenure[] {
  const tenures: Tenure[] = [];
  let current = begin(tenures, EVER);
  let arrivedAt: Date | null = null;
  const cut = (at: Date) => {
    const from = new Date(Math.max(at.getTime(), current.from.getTime() + 1));
    current.until = from;
    arrivedAt = null;
    current = begin(tenures, from);
  };
  for (const mark of marks.toSorted(inOrder)) {
    switch (mark.kind) {
      case 'left':
        current.leftAt = mark.at;
        break;
      case 'arrived':
        if (current.leftAt !== null) cut(current.leftAt);
        else if (current.userId !== null) arrivedAt ??= mark.at;
        break;
      case 'owner':
        if (current.userId === mark.userId) break;
        if (current.userId !== null || current.leftAt !== null) cut(current.leftAt ?? arrivedAt ?? mark.at);
        current.userId = mark.userId;
    }
  }
  return tenures;
}

function begin(tenures: Tenure[], from: Date): Tenure {
  const tenure: Tenure = { from, until: null, userId: null, leftAt: null };
  tenures.push(tenure);
  return tenure;
}

const inOrder = (a: NumberMark, b: NumberMark) =>
  a.at.getTime() - b.at.getTime() ||
  ORDER[a.kind] - ORDER[b.kind] ||
  (a.kind === 'owner' && b.kind === 'owner' && a.userId < b.userId ? -1 : 1);

/** Index of the tenure at an instant, or of the one just before it. */
export function tenureAt(tenures: readonly Tenure[], at: Date, { isBefore = false } = {}): number {
  const found = tenures.findLastIndex(({ from }) => (isBefore ? from < at : from <= at));
  return Math.max(0, found);
}
