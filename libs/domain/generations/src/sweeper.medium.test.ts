import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableDomain, type DurableDomain } from './__fixtures__/durable-domain.js';
import { Sweeper } from './sweeper.js';

let domain: DurableDomain;
beforeAll(async () => {
  domain = await createDurableDomain();
});
afterAll(() => domain.close());

it('a file that cannot be deleted keeps no other, and is tried again an hour later', async () => {
  const { postgres, generations, steps, idempotency, clock } = domain;
  const keyOf = new Map<string, string>();
  for (const key of ['stuck', 'first', 'second']) {
    const sent = domain.submission();
    const { id } = sent;
    keyOf.set(key, id);
    await generations.submit(sent);
    const files = [{ role: 'result' as const, media: { key, mediaType: 'video/mp4', bytes: 1 }, sha256: key }];
    const expiresAtMs = clock.now() - 1_000 + keyOf.size;
    await steps.advanceOne({ id, expected: ['queued'], state: 'succeeded', files, expiresAtMs });
  }
  const filesOf = async (key: string) => (await generations.find(keyOf.get(key) ?? '', 'owner'))?.files.length;
  const deleted: string[] = [];
  let isStuck = true;
  const deleteFile = async (key: string) => {
    if (key === 'stuck' && isStuck) throw new Error('stuck');
    deleted.push(key);
  };
  const sweeper = new Sweeper({ postgres, steps, idempotency, deleteFile, clock, lateMs: 60_000 });
  await expect(sweeper.dropFiles()).rejects.toThrow('1 generations');
  expect(deleted).toEqual(['first', 'second']);
  expect([await filesOf('stuck'), await filesOf('first'), await filesOf('second')]).toEqual([1, 0, 0]);
  expect(await sweeper.dropFiles()).toBe(0);
  isStuck = false;
  await clock.advance(3_600_000);
  expect(await sweeper.dropFiles()).toBe(1);
  expect(await filesOf('stuck')).toBe(0);
});
