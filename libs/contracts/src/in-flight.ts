/**
 * What is under way, each by its own id. Not a plain `Map` or object: whatever grows and shrinks leaves its former table behind,
 * and one that has grown old keeps all that was under way then, and the tables after it, until the next full collection
 * (decision 24). Here such a table holds no more than ids, and what they stand for is in places that are used again.
 */
export class InFlight<Value> {
  private readonly places = new Map<string, number>();
  private readonly kept: (Value | undefined)[] = [];
  private readonly free: number[] = [];

  get size(): number {
    return this.places.size;
  }

  get(id: string): Value | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.kept[place];
  }

  set(id: string, value: Value): void {
    let place = this.places.get(id);
    if (place === undefined) {
      place = this.free.pop() ?? this.kept.length;
      this.places.set(id, place);
    }
    this.kept[place] = value;
  }

  /** False where there was none. */
  delete(id: string): boolean {
    const place = this.places.get(id);
    if (place === undefined) return false;
    this.places.delete(id);
    this.kept[place] = undefined;
    this.free.push(place);
    return true;
  }

  ids(): string[] {
    return [...this.places.keys()];
  }

  values(): Value[] {
    return [...this.places.values()].map((place) => this.kept[place] as Value);
  }
}
