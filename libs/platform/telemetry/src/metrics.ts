import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type LabelValues<Label extends string> = Record<Label, string | number>;

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

export function createMetrics(options: { service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: registry });
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

function createCounter<Label extends string>(registry: Registry, options: MetricOptions<Label>): CounterMetric<Label> {
  const counter = new Counter({ ...describe(options), registers: [registry] });
  return {
    add: (labels, value = 1) => counter.inc(labels, value),
    with(labels) {
      const child = counter.labels(labels);
      return { add: (value = 1) => child.inc(value) };
    },
  };
}

function createGauge<Label extends string>(registry: Registry, options: MetricOptions<Label>): GaugeMetric<Label> {
  const gauge = new Gauge({ ...describe(options), registers: [registry] });
  return {
    set: (labels, value) => gauge.set(labels, value),
    with(labels) {
      const child = gauge.labels(labels);
      return { set: (value) => child.set(value), add: (value) => child.inc(value) };
    },
  };
}

function createHistogram<Label extends string>(
  registry: Registry,
  options: MetricOptions<Label> & { buckets?: readonly number[] },
): HistogramMetric<Label> {
  const buckets = options.buckets ? { buckets: [...options.buckets] } : {};
  const histogram = new Histogram({ ...describe(options), ...buckets, registers: [registry] });
  return {
    observe: (labels, value) => histogram.observe(labels, value),
    with(labels) {
      const child = histogram.labels(labels);
      return { observe: (value) => child.observe(value) };
    },
  };
}

function describe<Label extends string>(options: MetricOptions<Label>) {
  return { name: options.name, help: options.help, labelNames: [...(options.labels ?? [])] };
}
