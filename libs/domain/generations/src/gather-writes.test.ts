import { expect, it } from 'vitest';
import type { DurableChange } from './durable-change.js';
import type { Moved } from './durable-steps.js';
import { gatherWrites } from './gather-writes.js';

const change = (id: string): DurableChange => ({ id, expected: ['queued'] });
const moved: Moved = { state: 'queued', attempt: 1, lastSequence: 0 };

function recorder() {
  const batches: string[][] = [];
  const advance = async (changes: readonly DurableChange[]) => {
    const ids = changes.map(({ id }) => id);
    batches.push(ids);
    if (ids.includes('poison')) throw Object.assign(new Error('refused'), { code: '22P02' });
    return new Map(ids.filter((id) => id !== 'stale').map((id) => [id, moved]));
  };
  return { batches, gathered: gatherWrites(advance) };
}

it('what comes together is one statement, and each is told what became of its own', async () => {
  const { batches, gathered } = recorder();
  expect(await Promise.all([gathered(change('a')), gathered(change('stale')), gathered(change('b'))])).toEqual([
    moved,
    undefined,
    moved,
  ]);
  expect(batches).toEqual([['a', 'stale', 'b']]);
});

it('a row is changed once in a statement', async () => {
  const { batches, gathered } = recorder();
  await Promise.all([gathered(change('a')), gathered(change('a')), gathered(change('b'))]);
  expect(batches).toEqual([['a'], ['a', 'b']]);
});

it('one that is refused spoils only itself', async () => {
  const { gathered } = recorder();
  const ends = await Promise.allSettled([gathered(change('a')), gathered(change('poison')), gathered(change('b'))]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('a database that is away is asked once', async () => {
  let calls = 0;
  const gathered = gatherWrites(async () => {
    calls += 1;
    throw new Error('away');
  });
  const ends = await Promise.allSettled([gathered(change('a')), gathered(change('b'))]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(calls).toBe(1);
});

it('what comes while statements run is written when they have ended', async () => {
  const releases: (() => void)[] = [];
  const batches: string[][] = [];
  const gathered = gatherWrites(async (changes) => {
    batches.push(changes.map(({ id }) => id));
    await new Promise<void>((resolve) => releases.push(resolve));
    return new Map();
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const all: Promise<unknown>[] = [];
  for (const id of ['a', 'b', 'c', 'd']) {
    all.push(gathered(change(id)));
    await turn();
  }
  expect(batches).toEqual([['a'], ['b']]);
  releases.splice(0).forEach((release) => release());
  await turn();
  expect(batches).toEqual([['a'], ['b'], ['c', 'd']]);
  releases.splice(0).forEach((release) => release());
  await Promise.all(all);
});
