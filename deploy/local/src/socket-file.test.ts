import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canListenAt } from './socket-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-socket-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file that a store can make is one to listen at, again and again, and over what a killed one left', async () => {
  await writeFile(join(folder, 'redis.sock'), '');
  expect(await canListenAt(join(folder, 'redis.sock'))).toBe(true);
  expect(await canListenAt(join(folder, 'redis.sock'))).toBe(true);
});

test('a name that is too long, that a URL would split, or that is taken is none', async () => {
  expect(await canListenAt(join(folder, 'a'.repeat(104)))).toBe(false);
  expect(await canListenAt(join(folder, 'what?not'))).toBe(false);
  await mkdir(join(folder, 'taken'));
  expect(await canListenAt(join(folder, 'taken'))).toBe(false);
  expect(await canListenAt('/proc/none')).toBe(false);
});
