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
