import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { type LabelValues, SeriesSet } from './series.js';
import { TalliedHistogram } from './tallied-histogram.js';
import { CounterTally, GaugeTally } from './tallies.js';

export interface MetricOptions<Label extends string> {
  name: string;
  help: string;
  labels?: readonly Label[];
}

/** Only goes up. `with` binds the labels once, for use on hot paths. */
export interface CounterMetric<Label extends string> {
  add(labels: LabelValues<Label>, value?: number): void;
  with(labels: LabelValues<Label>): { add(value?: number): void };
}

export interface GaugeMetric<Label extends string> {
  set(labels: LabelValues<Label>, value: number): void;
  with(labels: LabelValues<Label>): { set(value: number): void; add(value: number): void };
}

export interface HistogramMetric<Label extends string> {
  observe(labels: LabelValues<Label>, value: number): void;
  with(labels: LabelValues<Label>): { observe(value: number): void };
}

/** A process's measurements. Asking for a name twice gives the same metric. */
export interface Metrics {
  readonly contentType: string;
  counter<Label extends string = never>(options: MetricOptions<Label>): CounterMetric<Label>;
  gauge<Label extends string = never>(options: MetricOptions<Label>): GaugeMetric<Label>;
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { buckets?: readonly number[] },
  ): HistogramMetric<Label>;
  /** The Prometheus text of everything measured. */
  render(): Promise<string>;
}

/**
 * How often a timer looks how late it is: the `nodejs_eventloop_lag_*` count from this interval on. The library's 10 ms wake
 * an idle process a hundred times a second; with much more than this, most delays would fall between two looks.
 */
const LAG_INTERVAL_MS = 50;

export function createMetrics(options: { service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_INTERVAL_MS });
  const known = new Map<string, unknown>();

  // The map is keyed by name and kind, so what comes out is what `create` of that kind put in.
  const once = <Metric>(key: string, create: () => Metric): Metric => {
    const found = known.get(key);
    if (found !== undefined) return found as Metric;
    const created = create();
    known.set(key, created);
    return created;
  };

  return {
    contentType: registry.contentType,
    counter: (metric) => once(`counter ${metric.name}`, () => createCounter(registry, metric)),
    gauge: (metric) => once(`gauge ${metric.name}`, () => createGauge(registry, metric)),
    histogram: (metric) => once(`histogram ${metric.name}`, () => createHistogram(registry, metric)),
    render: () => registry.metrics(),
  };
}

/** Bound or not, values add up in plain numbers and are handed to the library when it renders. */
function createCounter<Label extends string>(registry: Registry, options: MetricOptions<Label>): CounterMetric<Label> {
  const series = new SeriesSet(options.labels ?? [], () => new CounterTally());
  const counter: Counter<Label> = new Counter({
    ...describe(options),
    registers: [registry],
    collect() {
      for (const { labels, tally } of series.all()) if (tally.isUsed) counter.inc(labels, tally.take());
    },
  });
  return {
    add: (labels, value) => series.of(labels).add(value),
    with: (labels) => series.of(labels),
  };
}

function createGauge<Label extends string>(registry: Registry, options: MetricOptions<Label>): GaugeMetric<Label> {
  const series = new SeriesSet(options.labels ?? [], () => new GaugeTally());
  const gauge: Gauge<Label> = new Gauge({
    ...describe(options),
    registers: [registry],
    collect() {
      for (const { labels, tally } of series.all()) if (tally.isUsed) gauge.set(labels, tally.value);
    },
  });
  return {
    set: (labels, value) => series.of(labels).set(value),
    with: (labels) => series.of(labels),
  };
}

function createHistogram<Label extends string>(
  registry: Registry,
  options: MetricOptions<Label> & { buckets?: readonly number[] },
): HistogramMetric<Label> {
  const buckets = options.buckets ? { buckets: [...options.buckets] } : {};
  const histogram = new TalliedHistogram({ ...describe(options), ...buckets, registers: [registry] });
  return {
    observe: (labels, value) => histogram.of(labels).observe(value),
    with: (labels) => histogram.of(labels),
  };
}

function describe<Label extends string>(options: MetricOptions<Label>) {
  return { name: options.name, help: options.help, labelNames: [...(options.labels ?? [])] };
}
