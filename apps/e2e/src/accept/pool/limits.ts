import assert from 'node:assert/strict';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { chats, createSharedModel, mostAtOnce, statusCounts } from './shared-model.js';

const LEASE_MS = 15_000;
/** What waits looks again, and the first of it must finish, before the slots are seen in use. */
const NOTICE_MS = 2_000;
const LONG_MS = 1_500;

export function limitChecks({ client, sluice }: { client: SluiceClient; sluice: StartedSluice }): Check[] {
  return [
    {
      title: 'limits 1 and 3, two workers, 200 concurrent chats: never more at once, and none is lost',
      prove: () => proveLimits(client),
    },
    {
      title: 'kill -9 of a worker frees its slots within the lease time, and the limits hold',
      prove: () => proveKill(client, sluice),
    },
    {
      title: "a client's own 400s, 50 in a row, leave every credential ready",
      prove: () => proveClientErrors(client),
    },
  ];
}

async function proveLimits(client: SluiceClient): Promise<string> {
  const { model, credentials } = await createSharedModel(client, [{ limits: { chat: 1 } }, { limits: { chat: 3 } }]);
  const reports = await chats(client, { model, delayMs: 40, count: 200 });
  const most = await Promise.all(credentials.map((credential) => mostAtOnce(client, credential)));
  const figures = `${statusCounts(reports)}; most at once ${most.join(' and ')}`;
  assert.ok(
    reports.every(({ status }) => status === 200),
    figures,
  );
  assert.deepEqual(most, [1, 3], figures);
  return figures;
}

async function proveKill(client: SluiceClient, sluice: StartedSluice): Promise<string> {
  const { model, credentials } = await createSharedModel(client, [{ limits: { chat: 1 } }, { limits: { chat: 3 } }]);
  const running = chats(client, { model, delayMs: LONG_MS, count: 8 });
  await eventually('all slots are in use', async () => (await open(client, model)) === 4);
  const { pids } = await sluice.readRun();
  process.kill(pids['openai-worker-2'] ?? pids['openai-worker'] ?? 0, 'SIGKILL');
  const killedAt = performance.now();
  const reports = await running;
  const restored = await eventually(
    'all slots are in use again',
    async () => {
      const probing = chats(client, { model, delayMs: 500, count: 4 });
      const isFull = await eventually('four at once', async () => (await open(client, model)) === 4, {
        withinMs: 450,
        everyMs: 20,
      }).catch(() => false);
      const after = performance.now() - killedAt;
      await probing;
      return isFull ? after : undefined;
    },
    { withinMs: LEASE_MS + 15_000 },
  );
  const most = await Promise.all(credentials.map((credential) => mostAtOnce(client, credential)));
  const figures = `slots free again after ${(restored / 1_000).toFixed(1)} s; ${statusCounts(reports)}; most at once ${most.join(' and ')}`;
  assert.ok(restored <= LEASE_MS + NOTICE_MS && reports.every(({ status }) => status === 200), figures);
  assert.deepEqual(most, [1, 3], figures);
  return figures;
}

async function proveClientErrors(client: SluiceClient): Promise<string> {
  const { model, credentials } = await createSharedModel(client, [{}, {}]);
  const statuses: number[] = [];
  for (let number = 0; number < 50; number += 1) {
    const prompt = `[[sim:status=400,errorMessage=your fault]] ${number}`;
    const { status } = await client.call('/v1/chat/completions', {
      body: { model, messages: [{ role: 'user', content: prompt }] },
    });
    statuses.push(status);
  }
  const states = await Promise.all(credentials.map(({ credentialId }) => client.admin.readCredential(credentialId)));
  const figures = `${statuses.filter((status) => status === 400).length} × 400; states ${states.map(({ state }) => state).join(', ')}`;
  assert.ok(statuses.every((status) => status === 400) && states.every(({ state }) => state === 'ready'), figures);
  return figures;
}

async function open(client: SluiceClient, model: string): Promise<number> {
  return (await client.simulator.requests({ model })).counts.open;
}
