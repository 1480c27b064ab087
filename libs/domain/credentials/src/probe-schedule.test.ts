import { expect, test } from 'vitest';
import { aStoredCredential } from './__fixtures__/stored-credentials.js';
import { toPooledCredential } from './pooled-credential.js';
import { ProbeSchedule } from './probe-schedule.js';
import type { StoredCredential } from './stored-credential.js';

const START_MS = 1_700_000_000_000;
const SESSION = { upstream: 'grok', kind: 'session' } as const;
const pooled = (fields: Partial<StoredCredential>) => toPooledCredential(aStoredCredential(fields));

test('an account that tells what it has left is asked as soon as it is there, and again until it told', () => {
  // Its own turn in the round comes much later.
  const fresh = pooled({ ...SESSION, id: 'cred_000000' });
  const schedule = new ProbeSchedule();
  const due = (afterMs: number, credential = fresh) =>
    schedule.due([credential], START_MS + afterMs).map(({ credentialId }) => credentialId);
  expect(due(1_000)).toEqual(['cred_000000']);
  expect(due(2_000)).toEqual([]);
  expect(due(31_000)).toEqual(['cred_000000']);
  const told = pooled({ ...SESSION, id: 'cred_000000', counters: { quotas: [] } });
  expect(due(90_000, told)).toEqual([]);
  expect(due(91_000, pooled({ id: 'cred_000000' }))).toEqual([]);
});

test('of many that are new a few are asked at a time, and all in turn', () => {
  const many = Array.from({ length: 25 }, (_, number) =>
    pooled({ ...SESSION, id: `cred_0000${(number + 1).toString(16).padStart(2, '0')}` }),
  );
  const schedule = new ProbeSchedule();
  const asked = new Set<string>();
  for (let second = 1; second <= 3; second += 1) {
    const due = schedule.due(many, START_MS + 200_000 + second * 1_000);
    expect(due.length).toBeLessThanOrEqual(10);
    for (const { credentialId } of due) asked.add(credentialId);
  }
  expect(asked.size).toBe(25);
});
