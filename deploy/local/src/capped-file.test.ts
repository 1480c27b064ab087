import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CappedFile } from './capped-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('pain point 10 of Gemini Balance: a log never fills the disk, and keeps its newest lines', async () => {
  const path = join(folder, 'gateway.log');
  for (let start = 1; start <= 50; start += 1) {
    const log = new CappedFile(path, 1_000);
    for (let number = 1; number <= 20; number += 1) log.writeLine(`line ${start}.${number}`);
    await log.close();
  }
  expect(readdirSync(folder).sort()).toEqual(['gateway.log', 'gateway.log.1']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(1_300);
  expect(readFileSync(path, 'utf8')).toMatch(/line 50\.20\n$/);
});

test('goes on where it was left', async () => {
  const path = join(folder, 'gateway.log');
  for (const line of ['one', 'two']) {
    const log = new CappedFile(path, 1_000);
    log.writeLine(line);
    await log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
});
