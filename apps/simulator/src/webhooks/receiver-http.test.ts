import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => void (await fetch(`${simulator.url}/__control/reset`, { method: 'POST' })));

function tell(path: string, { id = 'evt_1', signal }: { id?: string; signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(`${simulator.url}/receivers/${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'webhook-id': id, 'webhook-signature': 'v1,x' },
    body: `{"id":"${id}"}`,
    ...(signal && { signal }),
  });
}

async function inbox(query = ''): Promise<{ counts: Record<string, number>; deliveries: { body: string }[] }> {
  return (await (await fetch(`${simulator.url}/__control/webhooks${query}`)).json()) as Awaited<
    ReturnType<typeof inbox>
  >;
}

it('answers as its URL says, event by event', async () => {
  const path = 'a?answers=500,410,redirect,200';
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await tell(path)).status);
  expect(statuses).toEqual([500, 410, 302, 200, 200]);
  expect((await tell(path, { id: 'evt_2' })).status).toBe(500);
  expect((await tell('b')).status).toBe(200);
  expect((await tell('b?answers=maybe')).status).toBe(400);
  expect((await inbox('?receiver=a')).counts).toEqual({ evt_1: 5, evt_2: 1 });
  const { deliveries } = await inbox('?receiver=b&event-id=evt_1');
  expect(deliveries).toMatchObject([{ body: '{"id":"evt_1"}', headers: { 'webhook-signature': 'v1,x' } }]);
});

it('hangs, hangs up, dawdles and never ends', async () => {
  await expect(tell('a?answers=hang', { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/i);
  await expect(tell('a?answers=cut')).rejects.toThrow();
  const startedAt = performance.now();
  expect((await tell('a?answers=slow:60')).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(50);
  const { body } = await tell('a?answers=huge');
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > 5_000_000) break;
  }
  expect(bytes).toBeGreaterThan(5_000_000);
});
