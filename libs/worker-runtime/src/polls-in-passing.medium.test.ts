import type { InPassing, Job } from '@sluice/upstream-kit/job';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { PollRunner } from './poll-runner.js';

let rig: DurableRig;
beforeAll(async () => {
  rig = await createDurableRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.postgres.query({ text: 'DELETE FROM durable_generation' }));

type Poll = NonNullable<Job<'video', unknown>['poll']>;

async function submitted(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const { id } = await rig.submit();
    await rig.step(id);
    ids.push(id);
  }
  return ids;
}

/** One look at what is due, at a vendor that tells this of what is not. */
async function look(tell: (inPassing: InPassing) => void): Promise<InPassing['operations'][]> {
  const { deps, vendor } = rig;
  const offered: InPassing['operations'][] = [];
  const poll: Poll = async (operations, _context, inPassing) => {
    if (inPassing) tell(inPassing);
    offered.push(inPassing?.operations ?? []);
    return operations.map((operation) => ({ type: 'running', operation }));
  };
  const upstream = { ...deps.upstream, jobs: { video: { ...vendor.job, poll } } };
  const { signal } = new AbortController();
  await new PollRunner({ ...deps, upstream }).run({ credentialId: 'cred' }, { signal });
  return offered;
}

const whatIsKnown = async (id: string) => {
  const { progress, state, version } = await rig.row(id);
  return { progress, state, version };
};

it('tells on at once what is heard of work that is not due yet, and writes nothing where there is no news', async () => {
  await submitted(16);
  await rig.clock.advance(60_000);
  const [told, silent, done] = await submitted(3);
  await rig.clock.advance(100);
  const operationOf = async (id = '') => (await rig.steps.find(id))?.operation;
  const before = await whatIsKnown(silent ?? '');
  const dueAt = await rig.postgres.query({
    text: 'SELECT poll_at FROM durable_generation WHERE id = $1',
    values: [silent],
  });
  const operations = await Promise.all([told, silent, done].map(operationOf));
  const offered = await look(({ operations: all, tell }) => {
    for (const [index, operation] of all.entries()) {
      const place = operations.findIndex((one) => one?.['id'] === operation['id']);
      if (place === 0) tell(index, { type: 'running', operation, progress: 42 });
      if (place === 1) tell(index, { type: 'running', operation });
      if (place === 2) tell(index, { type: 'done', operation, files: [] });
    }
  });
  expect(offered).toEqual([expect.arrayContaining(operations)]);
  expect(offered[0]).toHaveLength(3);
  expect(await whatIsKnown(told ?? '')).toMatchObject({ progress: 42, state: 'submitted' });
  expect(await rig.log(told ?? '')).toEqual(['1 attempt', '2 progress']);
  expect(await whatIsKnown(done ?? '')).toMatchObject({ state: 'collecting' });
  await expect
    .poll(() => rig.producer.has({ name: 'step-generation', upstream: 'openai', jobId: `${done}.collect` }))
    .toBe(true);
  expect(await whatIsKnown(silent ?? '')).toEqual(before);
  const after = await rig.postgres.query({
    text: 'SELECT poll_at FROM durable_generation WHERE id = $1',
    values: [silent],
  });
  expect(after.rows).toEqual(dueAt.rows);
});

it('reads no others where nothing is listed', async () => {
  await submitted(15);
  await rig.clock.advance(60_000);
  await submitted(1);
  expect(await look(() => {})).toEqual([[]]);
});
