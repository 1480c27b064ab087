// The image's entry point: `gateway`, `migrate` or the name of any other app. It stays this one process, so that
// signals of the container engine arrive.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const JOBS = {
  migrate: 'libs/platform/postgres/dist/migrate-cli.js',
  'demo-credentials': 'deploy/image/demo-credentials.mjs',
};

const name = process.argv[2] ?? 'gateway';
const file = Object.hasOwn(JOBS, name) ? JOBS[name] : `apps/${name}/dist/main.js`;

if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(root, file))) {
  const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'dist/main.js')));
  process.stderr.write(
    `There is no “${name}” in this image. There are: ${[...apps, ...Object.keys(JOBS)].join(', ')}.\n`,
  );
  process.exit(64);
}

// The rest of the arguments are the program's own.
process.argv.splice(1, 2, join(root, file));
await import(pathToFileURL(join(root, file)).href);
