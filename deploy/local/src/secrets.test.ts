import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets } from './secrets.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-secrets-'));
  path = join(folder, 'secrets.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('generates once and keeps, readable for the owner alone', async () => {
  const first = await loadSecrets({ path, chosen: {} });
  expect(await loadSecrets({ path, chosen: {} })).toEqual(first);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(first.masterKey, 'base64')).toHaveLength(32);
});

test('a chosen value is used but does not replace the generated one', async () => {
  const generated = await loadSecrets({ path, chosen: {} });
  expect((await loadSecrets({ path, chosen: { apiKey: 'sk-mine' } })).apiKey).toBe('sk-mine');
  expect(await loadSecrets({ path, chosen: {} })).toEqual(generated);
});

test('adds what an older release did not know and leaves the rest', async () => {
  const { redisPassword: _, ...older } = await loadSecrets({ path, chosen: {} });
  await writeFile(path, JSON.stringify(older));
  expect(await loadSecrets({ path, chosen: {} })).toMatchObject(older);
});

test('never overwrites a damaged file, since the master key in it is irreplaceable', async () => {
  await writeFile(path, '{"apiKey":"sk-');
  await expect(loadSecrets({ path, chosen: {} })).rejects.toThrow('secrets.json is damaged');
  expect(await readFile(path, 'utf8')).toBe('{"apiKey":"sk-');
});
