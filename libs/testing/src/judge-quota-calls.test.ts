import { expect, test } from 'vitest';
import { judgeQuotaCalls } from './judge-quota-calls.js';

const call = (atMs: number, refusedForMs?: number) => ({ project: 'p', model: 'm', atMs, refusedForMs });

test('calls on their way are excused, later ones are not, and the first after the end is told', () => {
  const calls = [call(0), call(100, 1_000), call(150, 950), call(349), call(351), call(1_130), call(1_140, 500)];
  expect(judgeQuotaCalls(calls)).toEqual([
    {
      project: 'p',
      model: 'm',
      refusedAtMs: 100,
      endsAtMs: 1_100,
      onTheWay: 2,
      lateAtMs: [351],
      nextCallAtMs: 1_130,
    },
    expect.objectContaining({ refusedAtMs: 1_140, endsAtMs: 1_640, lateAtMs: [], nextCallAtMs: undefined }),
  ]);
});

test('projects and models are apart', () => {
  const other = { ...call(800), model: 'n' };
  expect(judgeQuotaCalls([call(0, 1_000), other, { ...call(800), project: 'q' }])).toMatchObject([{ lateAtMs: [] }]);
});
