import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Two instances started together in one checkout must not install or build at the same time. */
export async function withFileLock(path, work) {
  let hasSaidSo = false;
  while (!tryLock(path)) {
    if (!hasSaidSo) process.stdout.write('Another process is installing or building here; waiting for it …\n');
    hasSaidSo = true;
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHolderAlive(path)) rmSync(path, { force: true });
    return false;
  }
}

function isHolderAlive(path) {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
