import type { Clock } from '@sluice/contracts/clock';
import type { TendedCredential } from '@sluice/contracts/jobs';
import { expect, it } from 'vitest';
import { UpstreamRemoval } from './upstream-removal.js';
import type { Video } from './videos.service.js';

const film = {
  id: 'gen_1',
  upstream: 'sora',
  credentialId: 'cred_1',
  operation: { id: 'task_1' },
} as unknown as Video;

function promised<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve: (value: Value) => resolve(value) };
}

function removal(isNeeded: () => Promise<boolean> = () => Promise.resolve(false)) {
  const asked: unknown[] = [];
  const left: string[] = [];
  const answer = promised<TendedCredential>();
  const passed = promised<undefined>();
  const clock: Clock = {
    now: () => 0,
    after: (_ms, then) => {
      void passed.promise.then(then);
      return () => undefined;
    },
  };
  const calls = { removeWork: (...wish: unknown[]) => (asked.push(wish), answer.promise) };
  const onLeft = (id: string, { code = '' }: { code?: string | undefined }) => void left.push(`${id} ${code}`);
  return { asked, left, answer, passed, remover: new UpstreamRemoval({ clock, calls, onLeft, isNeeded }) };
}

const told = (isUsable: boolean, code?: string): TendedCredential => ({
  callId: 'c',
  credentialId: 'cred_1',
  isUsable,
  durationMs: 1,
  ...(code !== undefined && { code }),
});

it.each([
  [told(true), 'removed', []],
  [told(false, 'upstream_unreachable'), 'failed (upstream_unreachable)', ['gen_1 upstream_unreachable']],
  // A vendor that keeps nothing.
  [told(false, 'unsupported'), undefined, []],
])('of %j says %s', async (answered, outcome, leftOver) => {
  const { remover, answer, asked, left } = removal();
  answer.resolve(answered);
  expect(await remover.remove(film)).toBe(outcome);
  expect(asked).toEqual([
    [
      { kind: 'video', operation: { id: 'task_1' } },
      { id: 'cred_1', upstream: 'sora' },
    ],
  ]);
  expect(left).toEqual(leftOver);
});

it('is waited for a moment only, and what stayed is told all the same', async () => {
  const { remover, answer, passed, left } = removal();
  const outcome = remover.remove(film);
  passed.resolve(undefined);
  expect(await outcome).toBe('pending');
  answer.resolve(told(false, 'unavailable'));
  await expect.poll(() => left).toEqual(['gen_1 unavailable']);
});

it('is for those only whose account keeps something', async () => {
  const { remover, asked } = removal();
  const { operation, ...unsubmitted } = film;
  expect(operation).toBeDefined();
  for (const video of [unsubmitted as Video, { ...film, upstream: 'gemini' }])
    expect(await remover.remove(video)).toBeUndefined();
  expect(asked).toEqual([]);
});

it.each([
  [() => Promise.resolve(true), 'in_use'],
  [() => Promise.reject(new Error('the database is away')), 'unavailable'],
])('leaves what another one is being made of, or may be: %#', async (isNeeded, code) => {
  const { remover, asked, left } = removal(isNeeded);
  expect(await remover.remove(film)).toBe(`failed (${code})`);
  expect(asked).toEqual([]);
  expect(left).toEqual([`gen_1 ${code}`]);
});
