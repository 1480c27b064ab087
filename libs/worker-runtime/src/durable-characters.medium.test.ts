import type { Operation } from '@sluice/contracts/operation';
import type { Job, OperationStep } from '@sluice/upstream-kit/job';
import { openaiManifest } from '@sluice/manifests/openai';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { FaultySteps } from './__fixtures__/faulty-steps.js';
import type { DurableDeps } from './durable-deps.js';
import { PollRunner } from './poll-runner.js';
import { StepRunner } from './step-runner.js';

const UNKNOWN_MS = 180_000;
const signal = new AbortController().signal;

let rig: DurableRig;
let deps: DurableDeps<unknown>;
/** Cameos that were begun, and what became characters, each time that it was asked for. */
const finalised: string[] = [];
const removed: string[] = [];

/** Two stages, the second of which is a write; nothing lists what was begun. */
const job: Job<'character', unknown> = {
  async *start(request, { http, signal: own }) {
    const body = request.displayName ?? '';
    const answer = await http.request({ method: 'POST', url: 'http://vendor/characters', body, signal: own });
    yield { type: 'accepted', operation: { id: await answer.text() } };
  },
  poll: async (operations) => operations.map((operation) => stage(operation)),
  cancel: async ({ id }) => void removed.push(String(id)),
};

function stage(operation: Operation): OperationStep {
  const id = String(operation['id']);
  if (operation['name'] === undefined) return { type: 'running', operation: { ...operation, name: `name of ${id}` } };
  finalised.push(`${id} ${String(operation['name'])}`);
  return { type: 'done', operation, files: [], facts: { characterId: `of ${id}` } };
}

beforeAll(async () => {
  rig = await createDurableRig();
  const upstream = { manifest: openaiManifest, credential: z.unknown(), jobs: { character: job } };
  deps = { ...rig.deps, upstream, timing: { ...rig.deps.timing, unknownMs: UNKNOWN_MS } };
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.vendor.onTaken = () => {};
  rig.vendor.plan.length = 0;
  rig.errors.length = 0;
  finalised.length = 0;
  removed.length = 0;
});

const step = (id: string, attempt = 1) => new StepRunner(deps).run({ generationId: id }, { attempt, signal });
const poll = (changes: Partial<DurableDeps<unknown>> = {}) =>
  new PollRunner({ ...deps, ...changes }).run({ credentialId: 'cred' }, { signal });

async function submit(displayName: string): Promise<string> {
  const media = { key: 'k', mediaType: 'video/mp4', bytes: 1 };
  const request = { model: 'character', displayName, from: { type: 'film' as const, media } };
  const { id } = await rig.submit({
    input: { kind: 'character', request },
    reservation: { unit: 'character', amount: 1 },
  });
  return id;
}

it('a character is made stage by stage, has no file, and is kept until somebody deletes it', async () => {
  const id = await submit('Rex');
  await step(id);
  for (const _stage of ['named', 'done']) {
    await rig.clock.advance(2_000);
    await poll();
  }
  await step(id);
  const row = await rig.row(id);
  expect(row).toMatchObject({ state: 'succeeded', files: [], facts: { characterId: expect.any(String) } });
  expect(await rig.lines(id)).toEqual({ reserve: 1, settle: 1 });
  await rig.clock.advance(5_000);
  expect(row.expiresAtMs).toBeUndefined();
  await rig.generations.purge(1_000);
  expect((await rig.row(id)).version).toBe(row.version);
  expect(rig.slots.held.size).toBe(0);
});

it('a worker that is killed with the first answer on its way begins no second one: nobody can tell, so nobody tries', async () => {
  const id = await submit('Killed');
  const killed = new Promise<void>((resolve) => {
    rig.vendor.onTaken = () => {
      resolve();
      return new Promise(() => {});
    };
  });
  void step(id);
  await killed;
  rig.vendor.onTaken = () => {};
  await step(id, 2);
  for (const waitMs of [60_000, 60_000, 61_000]) {
    expect(await rig.row(id)).toMatchObject({ state: 'submit_unknown', error: { code: 'outcome_unknown' } });
    await rig.clock.advance(waitMs);
    await step(id, 3);
  }
  expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
  expect(rig.vendor.submissionsOf('Killed')).toBe(1);
});

it('a worker that is killed after the last stage has it done again under the name that was written down', async () => {
  const id = await submit('Twice');
  await step(id);
  await rig.clock.advance(2_000);
  await poll();
  expect(await rig.row(id)).toMatchObject({ operation: { name: expect.any(String) } });
  await rig.clock.advance(2_000);
  const steps = new FaultySteps(rig);
  steps.advance = () => Promise.reject(new Error('killed'));
  await poll({ steps });
  await rig.clock.advance(2_000);
  await poll();
  await step(id);
  expect(await rig.row(id)).toMatchObject({ state: 'succeeded' });
  expect(finalised).toHaveLength(2);
  expect(new Set(finalised).size).toBe(1);
  expect(rig.vendor.submissionsOf('Twice')).toBe(1);
});

it('one that is cancelled is taken away at the upstream', async () => {
  const id = await submit('Cancelled');
  await step(id);
  await rig.generations.cancel(id, 'owner');
  await step(id);
  expect(await rig.row(id)).toMatchObject({ state: 'cancelled' });
  expect(removed).toHaveLength(1);
});
