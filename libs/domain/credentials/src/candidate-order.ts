/** What a deal asks for: up to `count` members that `accept` takes, looking at no more than `examined`. */
export interface Deal<Member> {
  count: number;
  examined: number;
  accept(member: Member): boolean;
}

/** Members in the order of a selection strategy. No step costs more than the logarithm of their number. */
export interface CandidateOrder<Member> {
  readonly size: number;
  add(member: Member): void;
  remove(member: Member): void;
  /** Something changed by which members are ranked. */
  rerank(member: Member): void;
  deal(deal: Deal<Member>): Member[];
}
