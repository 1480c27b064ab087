/** A binary heap, the least first, in which every member knows its place: any of them can be moved or removed. */
export class PlaceHeap<Member> {
  private readonly members: Member[] = [];
  private readonly places = new Map<Member, number>();

  constructor(private readonly compare: (left: Member, right: Member) => number) {}

  get size(): number {
    return this.members.length;
  }

  at(place: number): Member | undefined {
    return this.members[place];
  }

  add(member: Member): void {
    if (this.places.has(member)) return;
    this.put(member, this.members.length);
    this.rise(this.members.length - 1);
  }

  pop(): Member | undefined {
    const [first] = this.members;
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(member: Member): void {
    const place = this.places.get(member);
    if (place === undefined) return;
    this.places.delete(member);
    const last = this.members.pop();
    if (last === undefined || last === member) return;
    this.put(last, place);
    this.settle(last);
  }

  /** Moves a member to where its rank, which changed, puts it. */
  settle(member: Member): void {
    const place = this.places.get(member);
    if (place === undefined) return;
    this.rise(place);
    this.sink(this.places.get(member) ?? place);
  }

  private rise(from: number): void {
    for (let place = from; place > 0;) {
      const parent = (place - 1) >> 1;
      if (this.isInOrder(parent, place)) return;
      this.swap(parent, place);
      place = parent;
    }
  }

  private sink(from: number): void {
    for (let place = from; ;) {
      const left = 2 * place + 1;
      if (left >= this.size) return;
      const least = left + 1 < this.size && !this.isInOrder(left, left + 1) ? left + 1 : left;
      if (this.isInOrder(place, least)) return;
      this.swap(place, least);
      place = least;
    }
  }

  private isInOrder(first: number, second: number): boolean {
    const [a, b] = [this.members[first], this.members[second]];
    return a === undefined || b === undefined || this.compare(a, b) <= 0;
  }

  private swap(left: number, right: number): void {
    const [a, b] = [this.members[left], this.members[right]];
    if (a === undefined || b === undefined) return;
    this.put(b, left);
    this.put(a, right);
  }

  private put(member: Member, place: number): void {
    this.members[place] = member;
    this.places.set(member, place);
  }
}
