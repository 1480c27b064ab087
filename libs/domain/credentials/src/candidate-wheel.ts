import type { CandidateOrder, Deal } from './candidate-order.js';

/** Members dealt at random, each as often as its weight says: sums of weights in a binary indexed tree. */
export class CandidateWheel<Member> implements CandidateOrder<Member> {
  private readonly members: (Member | undefined)[] = [];
  private readonly places = new Map<Member, number>();
  private readonly weights: number[] = [];
  private readonly free: number[] = [];
  /** 1-based: place `p` sums the weights of the `p & -p` members up to it. */
  private sums: number[] = [0];

  constructor(private readonly options: { weightOf(member: Member): number; random(): number }) {}

  get size(): number {
    return this.places.size;
  }

  add(member: Member): void {
    if (this.places.has(member)) return;
    const place = this.free.pop() ?? this.grow();
    this.members[place] = member;
    this.places.set(member, place);
    this.setWeight(place, this.options.weightOf(member));
  }

  remove(member: Member): void {
    const place = this.places.get(member);
    if (place === undefined) return;
    this.places.delete(member);
    this.setWeight(place, 0);
    this.members[place] = undefined;
    this.free.push(place);
  }

  rerank(): void {
    // A changed weight comes as a new member.
  }

  deal({ count, examined, accept }: Deal<Member>): Member[] {
    const dealt: Member[] = [];
    const drawn: number[] = [];
    for (let looked = 0; looked < Math.min(examined, this.size) && dealt.length < count; looked++) {
      const place = this.draw();
      const member = this.members[place];
      if (member === undefined) break;
      // Out of the draw till the end of this deal, so that none comes twice.
      drawn.push(place);
      this.setWeight(place, 0);
      if (accept(member)) dealt.push(member);
    }
    for (const place of drawn) {
      const member = this.members[place];
      if (member !== undefined) this.setWeight(place, this.options.weightOf(member));
    }
    return dealt;
  }

  private draw(): number {
    let left = this.options.random() * this.total();
    let place = 0;
    for (let step = 2 ** Math.floor(Math.log2(this.members.length)); step >= 1; step /= 2) {
      const sum = this.sums[place + step];
      if (sum === undefined || sum > left) continue;
      place += step;
      left -= sum;
    }
    return place;
  }

  private total(): number {
    let sum = 0;
    for (let place = this.members.length; place > 0; place -= place & -place) sum += this.sums[place] ?? 0;
    return sum;
  }

  private grow(): number {
    const place = this.members.length;
    this.members.push(undefined);
    this.weights.push(0);
    const position = place + 1;
    let sum = 0;
    for (let step = 1; step < (position & -position); step *= 2) sum += this.sums[position - step] ?? 0;
    this.sums[position] = sum;
    return place;
  }

  private setWeight(place: number, weight: number): void {
    const difference = weight - (this.weights[place] ?? 0);
    if (difference === 0) return;
    this.weights[place] = weight;
    for (let position = place + 1; position < this.sums.length; position += position & -position) {
      this.sums[position] = (this.sums[position] ?? 0) + difference;
    }
  }
}
