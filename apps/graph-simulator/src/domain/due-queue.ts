/**
 * Things to do at a time, in slots of `slotMs`. Adding and taking cost the same however many wait, which a load of
 * thousands of statuses a second needs. Things of one slot come out in the order they were put in.
 */
export class DueQueue<T> {
  private readonly slots = new Map<number, T[]>();
  private nextSlot = 0;
  private count = 0;

  constructor(private readonly slotMs: number) {}

  /** How many wait. */
  get size(): number {
    return this.count;
  }

  /** Puts one thing in for `dueAt` (ms); what is already late comes out at the next take. */
  add(item: T, dueAt: number): void {
    const slot = Math.ceil(dueAt / this.slotMs);
    if (this.count === 0 || slot < this.nextSlot) this.nextSlot = slot;
    const items = this.slots.get(slot);
    if (items === undefined) this.slots.set(slot, [item]);
    else items.push(item);
    this.count += 1;
  }

  /** Takes out all that is due at `now` (ms), oldest first. */
  takeDue(now: number): T[] {
    const due: T[] = [];
    const lastSlot = Math.floor(now / this.slotMs);
    for (; this.count > 0 && this.nextSlot <= lastSlot; this.nextSlot += 1) {
      const items = this.slots.get(this.nextSlot);
      if (items === undefined) continue;
      this.slots.delete(this.nextSlot);
      this.count -= items.length;
      for (const item of items) due.push(item);
    }
    return due;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.slots.clear();
    this.count = 0;
  }
}
