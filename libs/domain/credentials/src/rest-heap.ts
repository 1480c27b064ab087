/** A member, and when its time comes. */
export interface Resting<Member> {
  untilMs: number;
  member: Member;
}

/** Who rests, soonest end first: a binary heap. */
export class RestHeap<Member> {
  private readonly heap: Resting<Member>[] = [];

  get first(): Resting<Member> | undefined {
    return this.heap[0];
  }

  push(resting: Resting<Member>): void {
    let place = this.heap.length;
    this.heap.push(resting);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.untilMs(parent) <= resting.untilMs) break;
      this.swap(place, parent);
      place = parent;
    }
  }

  pop(): Resting<Member> | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (first === undefined || last === undefined || this.heap.length === 0) return first;
    this.heap[0] = last;
    this.sink();
    return first;
  }

  /**
   * The earliest of the ends that `endOf` tells, none of which is before the member's own time; undefined counts for nothing.
   * Looks at `most` members; where they tell none, the soonest time of all stands for what lies behind them.
   */
  earliest(endOf: (resting: Resting<Member>) => number | undefined, most: number): number | undefined {
    let best = Number.POSITIVE_INFINITY;
    let examined = 0;
    const places = [0];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const resting = this.heap[place];
      if (resting === undefined || resting.untilMs >= best) continue;
      if (examined++ === most) return Math.min(best, this.untilMs(0));
      const end = endOf(resting) ?? Number.POSITIVE_INFINITY;
      best = Math.min(best, end);
      // Nothing below is sooner than its own time.
      if (end > resting.untilMs) places.push(2 * place + 2, 2 * place + 1);
    }
    return best === Number.POSITIVE_INFINITY ? undefined : best;
  }

  private sink(): void {
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const least = this.untilMs(left + 1) < this.untilMs(left) ? left + 1 : left;
      if (this.untilMs(least) >= this.untilMs(place)) return;
      this.swap(place, least);
      place = least;
    }
  }

  private untilMs(place: number): number {
    return this.heap[place]?.untilMs ?? Number.POSITIVE_INFINITY;
  }

  private swap(left: number, right: number): void {
    const [a, b] = [this.heap[left], this.heap[right]];
    if (a === undefined || b === undefined) return;
    this.heap[left] = b;
    this.heap[right] = a;
  }
}
