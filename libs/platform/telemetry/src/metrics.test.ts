import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.js';

test('what was counted, set and observed is rendered, with the service on every line', async () => {
  const metrics = createMetrics({ service: 'gateway' });
  const requests = metrics.counter({ name: 'requests_total', help: 'Requests.', labels: ['status'] });
  requests.add({ status: 200 });
  requests.with({ status: 200 }).add(2);
  metrics.gauge({ name: 'open', help: 'Open.', labels: [] }).set({}, 7);
  const seconds = metrics.histogram({ name: 'seconds', help: 'Time.', labels: ['route'], buckets: [0.1, 1] });
  seconds.observe({ route: '/' }, 0.5);
  seconds.with({ route: '/' }).observe(0.05);

  const text = await metrics.render();
  expect(text).toContain('requests_total{status="200",service="gateway"} 3');
  expect(text).toContain('open{service="gateway"} 7');
  expect(text).toMatch(/seconds_bucket\{le="0.1",(service="gateway",)?route="\/"(,service="gateway")?\} 1/);
  expect(text).toContain('process_cpu_seconds_total');
  expect(metrics.contentType).toContain('text/plain');
});

test('a gauge that is bound goes up and down', async () => {
  const metrics = createMetrics({ service: 'worker' });
  const active = metrics.gauge({ name: 'active', help: 'Active.', labels: ['queue'] }).with({ queue: 'q' });
  active.add(3);
  active.add(-1);
  expect(await metrics.render()).toContain('active{queue="q",service="worker"} 2');
});

test('one name is one metric, however often it is asked for', () => {
  const metrics = createMetrics({ service: 'worker' });
  const options = { name: 'jobs_total', help: 'Jobs.', labels: ['queue'] } as const;
  expect(metrics.counter(options)).toBe(metrics.counter(options));
});

/** Without what tells of the process itself. */
function ownLines(text: string): string[] {
  return text.split('\n').filter((line) => /^(# \w+ )?own_/.test(line));
}

test('the text is that of the library, to the letter', async () => {
  const registry = new Registry();
  registry.setDefaultLabels({ service: 'gateway' });
  const registers = [registry];
  const counter = new Counter({ name: 'own_total', help: 'All.', labelNames: ['a', 'b'], registers });
  const gauge = new Gauge({ name: 'own_open', help: 'Open.', labelNames: ['a'], registers });
  const histogram = new Histogram({ name: 'own_s', help: 'Time.', labelNames: ['a'], buckets: [0.1, 1], registers });
  new Histogram({ name: 'own_bare', help: 'Time.', registers });
  const metrics = createMetrics({ service: 'gateway' });
  const ourCounter = metrics.counter({ name: 'own_total', help: 'All.', labels: ['a', 'b'] });
  const ourGauge = metrics.gauge({ name: 'own_open', help: 'Open.', labels: ['a'] });
  const ourHistogram = metrics.histogram({ name: 'own_s', help: 'Time.', labels: ['a'], buckets: [0.1, 1] });
  metrics.histogram({ name: 'own_bare', help: 'Time.' });
  // Bound, but never used: it is not shown.
  ourCounter.with({ a: 'unused', b: 1 });
  ourGauge.with({ a: 'unused' });
  ourHistogram.with({ a: 'unused' });
  for (const value of [0.05, 0.1, 0.5, 1, 7, 0]) {
    counter.inc({ a: 'x', b: 2 }, value);
    ourCounter.with({ a: 'x', b: 2 }).add(value);
    gauge.set({ a: 'y' }, value);
    ourGauge.set({ a: 'y' }, value);
    histogram.observe({ a: 'z' }, value);
    ourHistogram.with({ a: 'z' }).observe(value);
    expect(ownLines(await metrics.render())).toEqual(ownLines(await registry.metrics()));
  }
  expect(ownLines(await metrics.render())).toEqual(ownLines(await registry.metrics()));
});

test('what is no number, and what a counter cannot take, is refused as it is told', () => {
  const metrics = createMetrics({ service: 'worker' });
  const jobs = metrics.counter({ name: 'jobs_total', help: 'Jobs.' }).with({});
  expect(() => jobs.add(-1)).toThrow('decrease');
  expect(() => jobs.add(Number.NaN)).toThrow(TypeError);
  expect(() => metrics.histogram({ name: 'seconds', help: 'Time.' }).observe({}, Number.NaN)).toThrow(TypeError);
});
