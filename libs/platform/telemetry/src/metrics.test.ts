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
