import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/contracts/clock';
import { type DurableGeneration, type DurableInput, isFinal } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createCredentialAdmin } from '@sluice/domain-credentials/create-credential-admin';
import { Eligibility } from '@sluice/domain-credentials/eligibility';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { openVault } from '@sluice/domain-credentials/open-vault';
import { WayHealth } from '@sluice/domain-credentials/way-health';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { createLogger } from '@sluice/platform-logger/logger';
import { createProducer } from '@sluice/platform-queue/create-producer';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { DURABLE_TIMING } from '@sluice/worker-runtime/durable-deps';
import { loadWorkerConfig } from '@sluice/worker-runtime/run-worker';
import { startWorker } from '@sluice/worker-runtime/start-worker';
import { openWorkerStores } from '@sluice/worker-runtime/worker-stores';
import { SimulatedSite } from './simulated-site.js';

const OWNER = 'key_test';
const PREFIX = 'sluice';
const HOUR_MS = 3_600_000;
/** Small enough to watch; the order of the times is kept. */
const timing = {
  ...DURABLE_TIMING,
  submitTimeoutMs: 800,
  lookUpAfterMs: 1_000,
  lookUpGapMs: 100,
  firstPollMs: 50,
  longestPollMs: 200,
  shortestTickMs: 20,
  keepFilesMs: HOUR_MS,
};

/** A real worker with its own stores, before the simulated website: no account in it is anybody else's. */
export async function createWorkerRig() {
  const site = new SimulatedSite();
  const [database, redisServer, home] = await Promise.all([
    createTestDatabase(),
    createTestRedis(),
    mkdtemp(join(tmpdir(), 'sluice-sora-')),
    site.open(),
  ]);
  const config = loadWorkerConfig({
    DATABASE_URL: database.url,
    REDIS_URL: redisServer.url,
    SLUICE_HOME: home,
    SLUICE_MASTER_KEY: 'a master key of the tests',
    CREDENTIAL_LEASE_MS: '4000',
  });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const clock = systemClock;
  const stores = await openWorkerStores({ config, logger, service: 'test' });
  const { postgres, redis, requestRedis, subscriber, metrics } = stores;
  const vault = await openVault({ masterKey: config.SLUICE_MASTER_KEY, postgres });
  const leases = new LeaseStore({ redis, prefix: PREFIX, leaseMs: 4_000 });
  const { admin, search } = createCredentialAdmin({ postgres, vault, leases, clock, logger });
  const worker = await startWorker({ upstream: sora, config, logger, stores, clock, timing });
  const producer = createProducer({ redis: requestRedis, metrics });
  const names = liveNames(PREFIX);
  const durable = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError: () => {} });
  const { generations } = durable;

  const find = async (id: string): Promise<DurableGeneration> => {
    const found = await generations.find(id, OWNER);
    if (found === undefined) throw new Error(`no generation ${id}`);
    return found;
  };
  return {
    site,
    durable,
    stores,
    admin,
    eligibility: new Eligibility({ search, redis, prefix: PREFIX, clock }),
    ways: new WayHealth({ redis, prefix: PREFIX }),
    find,
    /** An account of the site; by its token unless others are given. */
    async account(name: string, more: { secret?: object; limit?: number; settings?: object; models?: string[] } = {}) {
      const { secret = { accessToken: `sim-at-${name}` }, limit = 3, ...rest } = more;
      const baseUrl = site.context().baseUrl ?? '';
      const { credential } = await admin.create({
        upstream: 'sora',
        kind: 'session',
        label: name,
        secret,
        baseUrl,
        allowPrivateNetwork: true,
        limits: { video: limit },
        ...rest,
      });
      return credential.id;
    },
    /** Of that account, or of any. */
    async submit(
      prompt: string,
      { account, model = 'sora-2', kind = 'video' }: { account?: string | undefined; model?: string; kind?: 'video' | 'image' },
    ): Promise<string> {
      const createdAtMs = Date.now();
      const id = createGenerationId(createdAtMs);
      const request = { model, prompt };
      const input: DurableInput = { kind, request };
      await generations.submit({
        id,
        ownerKeyId: OWNER,
        dialect: 'openai-chat',
        model,
        input,
        requestId: 'req',
        createdAtMs,
        targets: [{ upstream: 'sora', model, kind: 'session' }],
        ...(account !== undefined && { pinnedCredentialId: account }),
        reservation: { unit: kind === 'video' ? 'second' : 'image', amount: kind === 'video' ? 10 : 1 },
        deadlineAtMs: createdAtMs + HOUR_MS,
      });
      return id;
    },
    async ended(id: string, withinMs = 15_000): Promise<DurableGeneration> {
      for (const endMs = Date.now() + withinMs; ;) {
        const found = await find(id);
        if (isFinal(found.state)) return found;
        if (Date.now() > endMs) throw new Error(`not ended: ${JSON.stringify(found)}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    /** As an operator has an account looked at; what comes of it is in its row. */
    async test(credentialId: string): Promise<void> {
      const callId = createGenerationId(Date.now());
      const payload = { action: 'test', credentialId, callId, replyTo: callId, deadlineAtMs: Date.now() + 5_000 } as const;
      await producer.add('tend-credential', { upstream: 'sora', jobId: callId, payload });
    },
    cancel: (id: string) => generations.cancel(id, OWNER),
    /** Nobody waits any more, and nobody is there. */
    async clear(): Promise<void> {
      const waiting = await generations.list({ ownerKeyId: OWNER, kinds: ['video', 'image'], status: 'queued', limit: 100 });
      for (const { id } of waiting ?? []) await generations.cancel(id, OWNER);
      const { credentials } = await admin.list();
      for (const { id } of credentials) await admin.delete(id);
    },
    async close(): Promise<void> {
      await producer.close();
      await worker.stop(Date.now() + 2_000);
      await site.close();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type WorkerRig = Awaited<ReturnType<typeof createWorkerRig>>;
