import { expect, it } from 'vitest';
import { SimulatedFailure } from '../simulated-failure.js';
import { KeyStates, keyStateSchema } from './key-states.js';

function keysAt(start: number) {
  const time = { now: start };
  const keys = new KeyStates(() => time.now);
  return { time, keys, declare: (state: unknown) => keys.declare(keyStateSchema.parse(state)) };
}

function refusal(keys: KeyStates, key: string): SimulatedFailure | undefined {
  try {
    keys.admit(key);
  } catch (error) {
    if (error instanceof SimulatedFailure) return error;
    throw error;
  }
  return undefined;
}

it('accepts keys nobody spoke of', () => {
  const { keys, declare } = keysAt(0);
  declare({ key: 'other', state: 'revoked' });
  expect(refusal(keys, 'k')).toBeUndefined();
});

it('refuses a revoked and an expired key until they are accepted again', () => {
  const { keys, declare } = keysAt(0);
  declare({ key: 'k', state: 'revoked' });
  expect(refusal(keys, 'k')?.kind).toBe('revoked-key');
  declare({ key: 'k', state: 'expired' });
  expect(refusal(keys, 'k')?.detail.status).toBe(401);
  declare({ key: 'k', state: 'accepted' });
  expect(refusal(keys, 'k')).toBeUndefined();
});

it('is out of quota until the given instant', () => {
  const { keys, declare, time } = keysAt(Date.parse('2026-01-01T00:00:00Z'));
  declare({ key: 'k', state: 'quota-exhausted', until: '2026-01-01T00:01:00Z' });
  expect(refusal(keys, 'k')?.kind).toBe('quota-exhausted');
  time.now += 60_000;
  expect(refusal(keys, 'k')).toBeUndefined();
});

it('lets so many calls through in a window and says how long to wait', () => {
  const { keys, declare, time } = keysAt(5_000);
  declare({ key: 'k', state: 'rate-limited', limit: 2, windowMs: 3_000 });
  expect([refusal(keys, 'k'), refusal(keys, 'k')]).toEqual([undefined, undefined]);
  time.now += 500;
  expect(refusal(keys, 'k')?.detail.headers).toMatchObject({ 'retry-after': '3', 'retry-after-ms': '2500' });
  time.now += 2_500;
  expect(refusal(keys, 'k')).toBeUndefined();
});
