import type { CandidateOrder, Deal } from './candidate-order.js';
import { PlaceHeap } from './place-heap.js';

/** Members by rank, the best first. A deal walks down from the top only as far as it must. */
export class CandidateHeap<Member> implements CandidateOrder<Member> {
  private readonly heap: PlaceHeap<Member>;

  constructor(private readonly compare: (left: Member, right: Member) => number) {
    this.heap = new PlaceHeap(compare);
  }

  get size(): number {
    return this.heap.size;
  }

  add(member: Member): void {
    this.heap.add(member);
  }

  remove(member: Member): void {
    this.heap.remove(member);
  }

  rerank(member: Member): void {
    this.heap.settle(member);
  }

  deal({ count, examined, accept }: Deal<Member>): Member[] {
    const dealt: Member[] = [];
    // Places whose parents have been looked at: the next best is one of them.
    const frontier = new PlaceHeap<number>((left, right) => this.comparePlaces(left, right));
    if (this.size > 0) frontier.add(0);
    for (let looked = 0; looked < examined && dealt.length < count; looked++) {
      const place = frontier.pop();
      if (place === undefined) break;
      const member = this.heap.at(place);
      if (member !== undefined && accept(member)) dealt.push(member);
      for (const child of [2 * place + 1, 2 * place + 2]) if (child < this.size) frontier.add(child);
    }
    return dealt;
  }

  private comparePlaces(left: number, right: number): number {
    const [a, b] = [this.heap.at(left), this.heap.at(right)];
    return a === undefined || b === undefined ? 0 : this.compare(a, b);
  }
}
