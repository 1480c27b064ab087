import { Histogram, type HistogramConfiguration } from 'prom-client';
import { type LabelValues, type Series, SeriesSet } from './series.js';

const USUAL_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Configuration<Label extends string> = HistogramConfiguration<string> & { labelNames: Label[] };

/** What was observed with one set of label values. */
class HistogramTally {
  sum = 0;
  count = 0;
  /** By bucket, each without those below it. */
  readonly counts: number[];

  constructor(private readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    if (!Number.isFinite(value)) throw new TypeError(`Value is not a valid number: ${value}`);
    this.sum += value;
    this.count += 1;
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }
}

/** The library's histogram with numbers of its own: the library checks, joins and looks up the labels for every value. */
export class TalliedHistogram<Label extends string> extends Histogram {
  private readonly bounds: readonly number[];
  private readonly series: SeriesSet<Label, HistogramTally>;

  constructor(private readonly configuration: Configuration<Label>) {
    super(configuration);
    const { buckets = USUAL_BUCKETS, labelNames } = configuration;
    this.bounds = buckets;
    this.series = new SeriesSet(labelNames, () => new HistogramTally(buckets));
    if (labelNames.length === 0) this.of({} as LabelValues<Label>);
  }

  of(labels: LabelValues<Label>): HistogramTally {
    return this.series.of(labels);
  }

  /** What the library renders, and makes its `get` of. */
  getForPromString() {
    const { name, help } = this.configuration;
    const values = this.series.all().flatMap((series) => (this.isShown(series) ? this.expose(series) : []));
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values });
  }

  /** As with the library's own: what has no labels from the start, the rest once there is something to show. */
  private isShown({ tally }: Series<Label, HistogramTally>): boolean {
    return tally.count > 0 || this.configuration.labelNames.length === 0;
  }

  private expose({ labels: sharedLabels, tally }: Series<Label, HistogramTally>) {
    const { name } = this.configuration;
    const [metricName, none] = [`${name}_bucket`, {}];
    let below = 0;
    const buckets = this.bounds.map((le, index) => {
      below += tally.counts[index] ?? 0;
      return { metricName, labels: { le }, sharedLabels, value: below };
    });
    return [
      ...buckets,
      { metricName, labels: { le: '+Inf' }, sharedLabels, value: tally.count },
      { metricName: `${name}_sum`, labels: none, sharedLabels, value: tally.sum },
      { metricName: `${name}_count`, labels: none, sharedLabels, value: tally.count },
    ];
  }
}
