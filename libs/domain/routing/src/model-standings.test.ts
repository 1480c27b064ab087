import { expect, test } from 'vitest';
import { ModelStandings, type ModelStanding } from './model-standings.js';

const NOW_MS = 1_800_000_000_000;
const target = (model: string) => ({ upstream: 'u', model });
const standing = (model: string, counts: Partial<ModelStanding>): ModelStanding => ({
  ...target(model),
  succeeded: 0,
  failed: 0,
  lastSucceededAt: null,
  lastFailedAt: null,
  ...counts,
});
const ago = (ms: number) => new Date(NOW_MS - ms);

async function order(rows: ModelStanding[], models: string[]): Promise<string[]> {
  const standings = new ModelStandings({
    read: () => Promise.resolve(rows),
    clock: { now: () => NOW_MS, after: () => () => undefined },
    onError: (error) => expect.unreachable(String(error)),
  });
  standings.order([]);
  await Promise.resolve();
  return standings.order(models.map(target)).map(({ model }) => model);
}

test('the one that succeeds most comes first, equals stay, an untried one is trusted', async () => {
  const rows = [
    standing('a', { succeeded: 8, failed: 2, lastSucceededAt: ago(1), lastFailedAt: ago(2) }),
    standing('b', { succeeded: 9, failed: 1, lastSucceededAt: ago(1), lastFailedAt: ago(2) }),
  ];
  expect(await order(rows, ['a', 'b', 'new', 'newer'])).toEqual(['new', 'newer', 'b', 'a']);
});

test('one whose last answer was a failure cools for five minutes, and comes last meanwhile', async () => {
  const cooling = standing('a', { succeeded: 99, failed: 1, lastSucceededAt: ago(1_000), lastFailedAt: ago(500) });
  const poor = standing('b', { succeeded: 1, failed: 9, lastSucceededAt: ago(1), lastFailedAt: ago(2) });
  expect(await order([cooling, poor], ['a', 'b'])).toEqual(['b', 'a']);
  const cooled = { ...cooling, lastSucceededAt: ago(400_000), lastFailedAt: ago(300_000) };
  expect(await order([cooled, poor], ['a', 'b'])).toEqual(['a', 'b']);
});
