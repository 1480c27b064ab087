import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearStalePostmaster } from './clear-stale-postmaster.js';
import { takeInstanceLock } from './instance-lock.js';
import { endLeftovers, writeProcesses } from './leftovers.js';
import { openHome } from './home.js';
import { identifyProcess } from './process-identity.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-leftovers-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function startSleeper() {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const identity = await identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error('sleep did not start');
  return {
    identity,
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => child.kill('SIGKILL'),
  };
}

test('ends what a killed launcher left running, and no process that has its number by chance', async () => {
  const [ours, stranger] = [await startSleeper(), await startSleeper()];
  const file = join(folder, 'processes.json');
  await writeProcesses(file, [ours.identity, { ...stranger.identity, startedAt: '1' }]);
  expect(await endLeftovers(file)).toBe(1);
  expect(ours.isGone()).toBe(true);
  expect(stranger.isGone()).toBe(false);
  stranger.kill();
});

test('the lock of a launcher that was killed does not keep the next one out', async () => {
  const home = await openHome(folder);
  await writeFile(home.lockFile, JSON.stringify({ pid: process.pid, startedAt: '1' }));
  const lock = await takeInstanceLock(home);
  await expect(takeInstanceLock(home)).rejects.toThrow('is running on the data folder');
  await lock.release();
});

test('a pid file that names a stranger is passed to Postgres with a number it does not fear, its memory segment kept', async () => {
  const stranger = await startSleeper();
  const file = join(folder, 'postmaster.pid');
  await writeFile(file, `${stranger.identity.pid}\n${folder}\n1763690000\n20001\n\n127.0.0.1\n  555  666\nready\n`);
  await clearStalePostmaster(folder);
  expect(await readFile(file, 'utf8')).toBe(
    `${process.pid}\n${folder}\n1763690000\n20001\n\n127.0.0.1\n  555  666\nready\n`,
  );
  expect(stranger.isGone()).toBe(false);
  stranger.kill();
});
