// `npm start`. Plain JavaScript without dependencies: it runs before anything is installed or built.
const startedAtMs = Date.now();
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Sluice needs Node 20.19 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install a current Node from https://nodejs.org/ and run `npm start` again.\n',
  );
  process.exit(1);
}

const { dirname, join } = await import('node:path');
const { fileURLToPath, pathToFileURL } = await import('node:url');
const { ensureInstalled } = await import('./install.mjs');
const { ensureBuilt } = await import('./build.mjs');

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const phases = [];

async function phase(name, work) {
  const phaseStartedAtMs = Date.now();
  await work();
  phases.push({ name, durationMs: Date.now() - phaseStartedAtMs });
}

try {
  await phase('install', () => ensureInstalled(root));
  await phase('build', () => ensureBuilt(root));
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error?.exitCode ?? 1);
}

const { main } = await import(pathToFileURL(join(root, 'deploy/local/dist/main.js')).href);
await main({ root, startedAtMs, phases, isWatching: process.argv.includes('--watch') });
