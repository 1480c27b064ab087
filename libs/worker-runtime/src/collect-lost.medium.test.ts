import type { HttpPort } from '@sluice/contracts/http-port';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { DURABLE_TIMING } from './durable-deps.js';

let rig: DurableRig;
beforeAll(async () => {
  rig = await createDurableRig();
});
afterAll(() => rig.close());

/** Collects a finished video; something happens to its row while its file is on the way. Answers the files that are left. */
async function collect(meanwhile: (id: string) => Promise<unknown>): Promise<string[]> {
  const { vendor, clock, media } = rig;
  const { id } = await rig.submit();
  await rig.step(id);
  vendor.finish();
  await clock.advance(DURABLE_TIMING.firstPollMs);
  await rig.poll();
  expect((await rig.row(id)).state).toBe('collecting');
  const http: HttpPort = {
    request: async (request) => {
      await meanwhile(id);
      return vendor.http.request(request);
    },
  };
  const { signal } = new AbortController();
  await rig.newWorker({ httpFor: () => http }).run({ generationId: id }, { attempt: 1, signal });
  const keys: string[] = [];
  for await (const { key } of media.list(`generations/${id}/`)) keys.push(key);
  return keys;
}

const end = (id: string, state: 'cancelled' | 'submitted') =>
  rig.steps.advanceOne({ id, expected: ['collecting'], state });

it('deletes the files of what was ended while they came', async () => {
  expect(await collect((id) => end(id, 'cancelled'))).toEqual([]);
});

it('deletes the files of what is gone', async () => {
  const remove = async (id: string) => {
    await end(id, 'cancelled');
    await rig.generations.remove({ id, ownerKeyId: 'owner', deleteFiles: async () => {} });
  };
  expect(await collect(remove)).toEqual([]);
});

it('keeps what another worker has collected first, under the same name', async () => {
  let isFirst = true;
  const files = await collect(async (id) => {
    if (isFirst) await rig.step(id);
    isFirst = false;
  });
  expect(files).toHaveLength(1);
});

it('keeps what may be wanted yet', async () => {
  expect(await collect((id) => end(id, 'submitted'))).toHaveLength(1);
});
