import type { CandidateOrder, Deal } from './candidate-order.js';

/** Members in a circle. Adding, removing and dealing cost the same for ten members and a million. */
export class CandidateRing<Member> implements CandidateOrder<Member> {
  private readonly members: Member[] = [];
  private readonly places = new Map<Member, number>();
  private next = 0;

  /** `chooseStart` tells where each deal begins; absent: where the last one ended, so that all have their turn. */
  constructor(private readonly chooseStart?: (size: number) => number) {}

  get size(): number {
    return this.members.length;
  }

  add(member: Member): void {
    if (this.places.has(member)) return;
    this.places.set(member, this.members.length);
    this.members.push(member);
  }

  remove(member: Member): void {
    const place = this.places.get(member);
    if (place === undefined) return;
    this.places.delete(member);
    const last = this.members.pop();
    if (last === undefined || last === member) return;
    this.members[place] = last;
    this.places.set(last, place);
  }

  rerank(): void {
    // All are equal here.
  }

  deal({ count, examined, accept }: Deal<Member>): Member[] {
    const dealt: Member[] = [];
    const size = this.members.length;
    const start = this.chooseStart?.(size) ?? this.next;
    for (let step = 0; step < Math.min(size, examined) && dealt.length < count; step++) {
      const place = (start + step) % size;
      const member = this.members[place];
      if (member === undefined || !accept(member)) continue;
      if (dealt.length === 0) this.next = place + 1;
      dealt.push(member);
    }
    if (dealt.length === 0 && size > examined) this.next = (start + examined) % size;
    return dealt;
  }
}
