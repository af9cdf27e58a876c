/** Sets of names that are joined pair by pair; whichever pairs come first, the sets are the same. */
export class UnionFind {
  private readonly parents = new Map<string, string>();

  /** The name that stands for the set of this one: the least of it. */
  find(name: string): string {
    let root = name;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    for (let each = name; each !== root;) {
      const parent = this.parents.get(each) ?? root;
      this.parents.set(each, root);
      each = parent;
    }
    return root;
  }

  join(a: string, b: string): void {
    const [least, other] = [this.find(a), this.find(b)].sort() as [string, string];
    if (least !== other) this.parents.set(other, least);
  }
}
