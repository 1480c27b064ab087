import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import type { LeaseAnswer, LeaseOutcome, LeaseRequest } from '@sluice/domain-credentials/credential-source';
import type { Slot } from '@sluice/domain-credentials/slot-keeper';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { Ledger } from '@sluice/domain-generations/ledger';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { Reconciler } from '@sluice/domain-generations/reconciler';
import { Sweeper } from '@sluice/domain-generations/sweeper';
import { openaiManifest } from '@sluice/manifests/openai';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import { createProducer } from '@sluice/platform-queue/create-producer';
import { createRedis, type RedisRole } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { z } from 'zod';
import { DURABLE_TIMING, type DurableDeps, type SlotSource } from '../durable-deps.js';
import { PollRunner } from '../poll-runner.js';
import { StepRunner } from '../step-runner.js';
import { FakeVendor } from './fake-vendor.js';

const LEASE_MS = 15_000;

/** Credentials without a pool: as many as wanted, and each lease with a later epoch. */
class FakeSlots implements SlotSource {
  readonly held = new Map<string, string>();
  readonly outcomes: LeaseOutcome[] = [];
  readonly freed: string[] = [];
  isFull = false;
  epoch = 1;

  constructor(private readonly now: () => number) {}

  async lease({ use, pinned = 'cred' }: LeaseRequest): Promise<LeaseAnswer> {
    if (this.isFull && use === 'video')
      return { type: 'none-free', noneFree: { reason: 'all busy', isHopeless: false, isQueued: true } };
    const lease: Lease = {
      ...this.open(pinned),
      id: randomUUID(),
      epoch: this.epoch++,
      expiresAtMs: this.now() + LEASE_MS,
    };
    this.held.set(lease.id, use);
    return { type: 'leased', lease };
  }
  async release({ id }: Lease, outcome: LeaseOutcome): Promise<void> {
    this.held.delete(id);
    this.outcomes.push(outcome);
  }
  open(credentialId: string): Lease {
    const secret = { apiKey: 'x' };
    const account = { kind: 'api-key', secret, baseUrl: 'http://vendor', allowPrivateNetwork: true };
    return { id: '', credentialId, epoch: 0, expiresAtMs: 0, ...account };
  }
  async detach({ id }: Lease): Promise<void> {
    this.held.set(id, 'row');
  }
  async free({ leaseId }: Slot): Promise<void> {
    this.held.delete(leaseId);
    this.freed.push(leaseId);
  }
}

/** The durable side of a gateway and of workers on real stores, with a vendor that tests direct and a clock that they move. */
export async function createDurableRig() {
  const database = await createTestDatabase();
  const { url } = await createTestRedis();
  const prefix = `test-${randomUUID()}`;
  const names = liveNames(prefix);
  const clock = createFakeClock(Date.now());
  const connect = (role: RedisRole) => createRedis({ url, role, name: 'test', onError: () => {} });
  const [redis, subscriber] = [connect('request'), connect('subscriber')];
  await redisReady(redis, AbortSignal.timeout(5_000));
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const producer = createProducer({ redis, prefix: `${prefix}:q`, metrics: createMetrics({ service: 'test' }) });
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const domain = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError });
  domain.reader.start();
  const steps = new DurableSteps({ postgres, live: domain.live, clock });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-durable-'));
  const media = createFileSystemMediaStore({ root: folder });
  const vendor = new FakeVendor(() => clock.now());
  const slots = new FakeSlots(() => clock.now());
  const deps: DurableDeps<unknown> = {
    upstream: { manifest: openaiManifest, credential: z.unknown(), jobs: { video: vendor.job } },
    source: slots,
    slots,
    keeper: { keep: () => () => {} },
    steps,
    bell: domain.bell,
    media,
    readMedia: async function* () {},
    httpFor: () => vendor.http,
    isPrivateStorageAllowed: false,
    timing: DURABLE_TIMING,
    clock,
    random: () => 0,
    onUnexpected: onError,
  };
  const sweeper = new Sweeper({
    postgres,
    steps,
    idempotency: domain.idempotency,
    deleteFile: (key) => media.delete(key),
    clock,
    lateMs: 60_000,
  });
  const signal = new AbortController().signal;
  let count = 0;
  const rig = {
    ...domain, postgres, redis, producer, clock, steps, media, vendor, slots, deps, sweeper, errors, names,
    ledger: new Ledger({ postgres, clock }),
    reconciler: new Reconciler({ postgres, redis, prefix, bell: domain.bell, clock }),
    submission(changes: Partial<DurableSubmission> = {}): DurableSubmission {
      const createdAtMs = clock.now();
      count += 1;
      return {
        id: createGenerationId(createdAtMs),
        ownerKeyId: 'owner',
        dialect: 'openai-chat',
        model: 'video',
        targets: [{ upstream: 'openai', model: 'video' }],
        input: { kind: 'video', request: { model: 'video', prompt: `prompt ${count}` } },
        reservation: { unit: 'second', amount: 8 },
        requestId: 'req',
        createdAtMs,
        deadlineAtMs: createdAtMs + 3_600_000,
        ...changes,
      };
    },
    async submit(changes: Partial<DurableSubmission> = {}) {
      const submission = rig.submission(changes);
      await domain.generations.submit(submission);
      const { input } = submission;
      return { id: submission.id, prompt: input.kind === 'video' ? input.request.prompt : '' };
    },
    /** Another worker process: it shares nothing with the first but the stores. */
    newWorker: (changes: Partial<DurableDeps<unknown>> = {}) => new StepRunner({ ...deps, ...changes }),
    step: (id: string, attempt = 1) => new StepRunner(deps).run({ generationId: id }, { attempt, signal }),
    poll: () => new PollRunner(deps).run({ credentialId: 'cred' }, { signal }),
    async row(id: string) {
      const row = await domain.generations.find(id, 'owner');
      if (!row) throw new Error('There is no such row.');
      return row;
    },
    async log(id: string) {
      const { rows } = await postgres.query<{ first_sequence: number; parts: string }>({
        text: 'SELECT first_sequence, parts FROM durable_event WHERE generation_id = $1 ORDER BY 1',
        values: [id],
      });
      return rows.flatMap(({ first_sequence: first, parts }) =>
        (JSON.parse(parts) as { type: string }[]).map(({ type }, offset) => `${first + offset} ${type}`),
      );
    },
    async lines(id: string) {
      const { rows } = await postgres.query<{ kind: string; amount: number }>({
        text: 'SELECT kind, amount::float8 AS amount FROM ledger WHERE generation_id = $1 ORDER BY kind',
        values: [id],
      });
      return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]));
    },
    async close() {
      domain.reader.stop();
      await producer.close();
      redis.disconnect();
      subscriber.disconnect();
      await postgres.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

export type DurableRig = Awaited<ReturnType<typeof createDurableRig>>;
