import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { expect, test } from 'vitest';
import { findDrift } from './find-drift.js';
import { migrate } from './migrate.js';

test('x', async () => {
  const a = await createTestDatabase({ migrated: false });
  let t = performance.now();
  const b = await createTestDatabase();
  process.stdout.write(`${performance.now() - t}\n`);
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => migrate({ url: a.url })));
  expect(results.flatMap((r) => r.applied)).toHaveLength(1);
  t = performance.now();
  await migrate({ url: b.url });
  process.stdout.write(`${performance.now() - t}\n`);
  expect(await findDrift({ url: b.url })).toBe(undefined);
  process.stdout.write(JSON.stringify([await createTestRedis(), await createTestRedis()]));
  await a.drop(); await b.drop();
});
