export type LabelValues<Label extends string> = Record<Label, string | number>;

export interface Series<Label extends string, Tally> {
  labels: LabelValues<Label>;
  tally: Tally;
}

/** The tallies of one metric, one for each set of label values. */
export class SeriesSet<Label extends string, Tally> {
  private readonly series = new Map<string, Series<Label, Tally>>();

  constructor(
    private readonly labelNames: readonly Label[],
    private readonly create: () => Tally,
  ) {}

  of(labels: LabelValues<Label>): Tally {
    const key = this.labelNames.map((name) => labels[name]).join('\n');
    const found = this.series.get(key);
    if (found) return found.tally;
    const tally = this.create();
    this.series.set(key, { labels, tally });
    return tally;
  }

  all(): Series<Label, Tally>[] {
    return [...this.series.values()];
  }
}
