import { systemClock } from '@sluice/contracts/clock';
import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createLogger } from '@sluice/platform-logger/logger';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerationReader } from './create-generation-reader.js';
import { createGenerationWriter } from './create-generation-writer.js';
import type { GenerationReader } from './generation-reader.js';
import type { GenerationWriter } from './generation-writer.js';

let database: TestDatabase;
let postgres: Postgres;
let writer: GenerationWriter;
let reader: GenerationReader;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const logger = createLogger({ service: 'test', level: 'silent' });
  writer = createGenerationWriter({
    postgres,
    metrics: createMetrics({ service: 'test' }),
    logger,
    clock: systemClock,
  });
  reader = createGenerationReader({ postgres, clock: systemClock });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

function generate(changes: Partial<InteractiveGeneration> = {}): InteractiveGeneration {
  const createdAtMs = Date.now();
  return {
    id: createGenerationId(createdAtMs),
    kind: 'chat',
    ownerKeyId: 'owner',
    dialect: 'openai-chat',
    model: 'model',
    targets: [{ upstream: 'openai', model: 'model' }],
    createdAtMs,
    deadlineAtMs: createdAtMs + 60_000,
    isStreamed: false,
    requestId: 'req',
    replyTo: 'gateway',
    input: { kind: 'chat', request: { model: 'model', messages: [] } },
    ...changes,
  };
}

const eventsJson = JSON.stringify([{ type: 'text-delta', choice: 0, text: 'hi\u0000' }, { type: 'succeeded' }]);

describe('generation rows', () => {
  it('come back as they were written, the event log included', async () => {
    const generation = generate();
    const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
    writer.record({
      generation,
      status: 'succeeded',
      eventsJson,
      lastSequence: 2,
      usage,
      finishedAtMs: generation.createdAtMs + 5,
    });
    await writer.drain();
    expect(await reader.findOwned(generation.id, 'owner')).toMatchObject({
      status: 'succeeded',
      usage,
      last_sequence: 2,
    });
    expect(await reader.loadFinished(generation.id)).toEqual([
      { sequence: 1, part: { type: 'text-delta', choice: 0, text: 'hi\u0000' } },
      { sequence: 2, part: { type: 'succeeded' } },
    ]);
  });

  it('are unknown to everyone but their owner', async () => {
    const generation = generate();
    writer.record({ generation, status: 'queued' });
    await writer.drain();
    expect(await reader.findOwned(generation.id, 'somebody else')).toBeUndefined();
    expect(await reader.findOwned('gen_nonsense', 'owner')).toBeUndefined();
  });

  it('are listed for their owner page by page, the newest first', async () => {
    const base = Date.now();
    const made = [0, 1, 1, 2, 3].map((offset) =>
      generate({ ownerKeyId: 'lister', createdAtMs: base + offset, id: createGenerationId(base + offset) }),
    );
    for (const generation of made) writer.record({ generation, status: 'queued' });
    await writer.drain();
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const rows = (await reader.listOwned({ ownerKeyId: 'lister', limit: 2, ...(after && { after }) })) ?? [];
      seen.push(...rows.slice(0, 2).map(({ id }) => id));
      if (rows.length <= 2) break;
    }
    expect(seen.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    expect(seen[0]).toBe(made.at(-1)?.id);
    expect(await reader.listOwned({ ownerKeyId: 'lister', limit: 2, after: 'nonsense' })).toBeUndefined();
    expect(await reader.listOwned({ ownerKeyId: 'lister', limit: 9, status: 'failed' })).toEqual([]);
  });

  it('only move forward, in whatever order their records arrive', async () => {
    const generation = generate();
    for (const status of ['running', 'queued', 'succeeded', 'running', 'cancelled'] as const) {
      writer.record({
        generation,
        status,
        ...(status === 'succeeded' ? { eventsJson, finishedAtMs: Date.now() } : {}),
      });
      await writer.drain();
    }
    expect(await reader.findOwned(generation.id, 'owner')).toMatchObject({ status: 'succeeded', events: eventsJson });
  });

  it('take texts that Postgres cannot store as they are', async () => {
    const generation = generate({ model: 'nul \0 and half a pair \uD800', requestId: '\0' });
    const error = { code: 'internal', message: 'with \0 in it' } as const;
    writer.record({ generation, status: 'failed', error, finishedAtMs: Date.now() });
    await writer.drain();
    expect(await reader.findOwned(generation.id, 'owner')).toMatchObject({
      status: 'failed',
      model: 'nul \uFFFD and half a pair \uFFFD',
    });
  });

  it('take what stands between fields and rows within a text, many in one statement', async () => {
    const text = 'tab\tfeed\nreturn\r"\\N" 😀';
    const request = { model: text, messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }] };
    const [first, stored] = [
      generate({ model: text, requestId: text, input: { kind: 'chat', request } }),
      generate({ input: { kind: 'stored', key: 'kept' } }),
    ];
    const [createdAtMs, startedAtMs, finishedAtMs] = [first.createdAtMs, first.createdAtMs + 1, first.createdAtMs + 7];
    const events = JSON.stringify([{ type: 'text-delta', choice: 0, text }, { type: 'succeeded' }]);
    const error = { code: 'internal', message: text } as const;
    const target = { upstream: 'openai', model: text };
    writer.record({ generation: stored, status: 'queued' });
    writer.record({
      generation: first,
      status: 'failed',
      target,
      credentialId: 'cred_a',
      attempt: 3,
      startedAtMs,
      finishedAtMs,
      eventsJson: events,
      error,
    });
    await writer.drain();
    const { rows } = await postgres.query<{ id: string; request: string | null; deadline_at: Date }>({
      text: 'SELECT id, request, deadline_at FROM generation WHERE id = ANY ($1)',
      values: [[first.id, stored.id]],
    });
    const deadline_at = new Date(first.deadlineAtMs);
    expect(rows).toContainEqual({ id: first.id, request: JSON.stringify(request), deadline_at });
    expect(rows).toContainEqual({ id: stored.id, request: null, deadline_at: new Date(stored.deadlineAtMs) });
    expect(await reader.findOwned(first.id, 'owner')).toMatchObject({
      created_at: new Date(createdAtMs),
      model: text,
      upstream: 'openai',
      upstream_model: text,
      credential_id: 'cred_a',
      attempt: 3,
      events,
      error,
      usage: null,
      started_at: new Date(startedAtMs),
      finished_at: new Date(finishedAtMs),
      request_id: text,
      stream: false,
    });
    expect(await reader.findOwned(stored.id, 'owner')).toMatchObject({
      status: 'queued',
      upstream_model: null,
      events: null,
    });
  });
});
