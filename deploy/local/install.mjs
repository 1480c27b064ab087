import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './run-step.mjs';
import { withFileLock } from './with-file-lock.mjs';

/** Installs the locked dependencies unless exactly these are there already. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  await withFileLock(lockFile(root), async () => {
    if (isInstalled(root)) return;
    process.stdout.write('Installing dependencies (npm ci; once, or when package-lock.json changed) …\n');
    await install(root);
    writeFileSync(stampFile(root), lockHash(root));
  });
}

function isInstalled(root) {
  if (!existsSync(join(root, 'node_modules'))) return false;
  if (existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === lockHash(root)) return true;
  if (!isTreeOfLock(root)) return false;
  writeFileSync(stampFile(root), lockHash(root));
  return true;
}

/** A tree that `npm install` or `npm ci` made by hand counts too: npm notes in it what it installed. */
function isTreeOfLock(root) {
  const noteFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noteFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(noteFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, wantedPackage]) => {
    if (path === '') return true;
    const installed = present[path];
    if (installed !== undefined) return installed.version === wantedPackage.version;
    return Boolean(wantedPackage.optional ?? wantedPackage.devOptional ?? wantedPackage.peer);
  });
}

/** A registry that lacks a package of some other platform makes `npm ci` refuse the lock; `npm install` goes on without it. */
async function install(root) {
  try {
    await runStep({ name: 'npm ci', ...npmCommand(['ci']), directory: root });
  } catch (error) {
    if (error.exitCode === 130) throw error;
    process.stdout.write('npm ci refused; trying npm install, which leaves the lock file as it is …\n');
    await runStep({ name: 'npm install', ...npmCommand(['install', '--no-save']), directory: root });
  }
}

// The build needs the development tools, whatever NODE_ENV says.
function npmCommand(command) {
  const args = [...command, '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) return { command: process.execPath, args: [npm, ...args] };
  return { command: 'npm', args };
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function stampFile(root) {
  return join(root, 'node_modules', '.sluice-install');
}

function lockFile(root) {
  mkdirSync(join(root, 'deploy/local/dist'), { recursive: true });
  return join(root, 'deploy/local/dist', '.prepare.lock');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureInstalled(join(dirname(fileURLToPath(import.meta.url)), '..', '..'));
}
