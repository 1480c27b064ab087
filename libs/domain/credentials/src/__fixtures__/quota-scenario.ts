import { systemClock } from '@sluice/contracts/clock';
import type { CredentialPool } from '../credential-pool.js';
import type { LeaseRequest, NoneFree } from '../credential-source.js';
import type { PoolRig } from './pool-rig.js';
import type { QuotaUpstream } from './quota-upstream.js';

export interface QuotaScenario {
  rig: PoolRig;
  upstream: QuotaUpstream;
  projects: number;
  keysPerProject: number;
  /** How many are asked for, by model. */
  requests: Readonly<Record<string, number>>;
  workers: number;
  deadlineMs: number;
}

export interface QuotaScenarioEnd {
  /** Of those that were answered: the model, and when. */
  served: { model: string; atMs: number }[];
  /** Why each of the others was not. */
  refused: { model: string; reason: string }[];
}

/** Many requests at once over the keys of some projects; each waits as a worker lets it wait. */
export async function runQuotaScenario(scenario: QuotaScenario): Promise<QuotaScenarioEnd> {
  const { rig, requests, workers } = scenario;
  await addKeys(scenario);
  const waiters = new Map<string, Waiter>();
  const onTurn = async ({ generationId }: { generationId: string }) => {
    const waiter = waiters.get(generationId);
    if (waiter === undefined) return false;
    // It may be on its way into the queue still.
    waiter.isTold = true;
    waiter.wake?.();
    return true;
  };
  const pools = await Promise.all(Array.from({ length: workers }, () => rig.newPool({ onTurn })));
  const end: QuotaScenarioEnd = { served: [], refused: [] };
  const models = Object.entries(requests).flatMap(([model, count]) => Array.from({ length: count }, () => model));
  await Promise.all(
    models.map(async (model, number) => {
      const pool = pools[number % workers];
      if (pool === undefined) return;
      const client = { pool, model, id: `gen-${number}`, sinceMs: Date.now(), waiter: { isTold: false } };
      waiters.set(client.id, client.waiter);
      await serve(scenario, client, end);
      waiters.delete(client.id);
    }),
  );
  return end;
}

async function addKeys({ rig, projects, keysPerProject }: QuotaScenario): Promise<void> {
  const keys = Array.from({ length: projects * keysPerProject }, (_, number) => {
    const project = `p${number % projects}`;
    const secret = { apiKey: `${project}/${number}` };
    return rig.admin.create({ upstream: 'gemini', kind: 'api-key', secret, settings: { quotaGroup: project } });
  });
  await Promise.all(keys);
}

interface Client {
  pool: CredentialPool;
  model: string;
  id: string;
  sinceMs: number;
  waiter: Waiter;
}

interface Waiter {
  isTold: boolean;
  wake?: () => void;
}

async function serve({ upstream, deadlineMs }: QuotaScenario, client: Client, end: QuotaScenarioEnd): Promise<void> {
  const { pool, model, id, sinceMs } = client;
  const deadlineAtMs = sinceMs + deadlineMs;
  for (let isAgain = false; ; ) {
    const waiting = { sinceMs, isAgain };
    const request: LeaseRequest = { upstream: 'gemini', use: 'chat', model, generationId: id, waiting };
    const answer = await pool.lease(request);
    if (answer.type === 'none-free') {
      const { noneFree } = answer;
      if ((noneFree.retryAtMs ?? Infinity) > deadlineAtMs) return void end.refused.push({ model, reason: noneFree.reason });
      await turn(client, noneFree, deadlineAtMs);
      isAgain = true;
      continue;
    }
    const { apiKey } = answer.lease.secret as { apiKey: string };
    const error = await upstream.call({ apiKey, model });
    void pool.release(answer.lease, error === undefined ? { type: 'succeeded' } : { type: 'failed', error });
    if (error === undefined) return void end.served.push({ model, atMs: Date.now() });
  }
}

/** Till it is told, or looks again by itself. */
function turn({ waiter }: Client, { lookAgainAtMs, retryAtMs }: NoneFree, deadlineAtMs: number): Promise<void> {
  const atMs = Math.min(lookAgainAtMs ?? retryAtMs ?? deadlineAtMs, deadlineAtMs);
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      delete waiter.wake;
      waiter.isTold = false;
      resolve();
    };
    const cancel = systemClock.after(waiter.isTold ? 0 : atMs - Date.now(), wake);
    waiter.wake = wake;
  });
}
