import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where the launcher finds an app as one file, beside the files that it is made of. */
const BUNDLE = 'dist/bundle';

/**
 * Packages that only our own code loads, and that are hundreds of files. All others stay where they are: they load more by
 * name at run time, find files beside themselves, or are shared with those that do.
 */
const TAKEN_IN = new Set([
  '@ioredis/commands',
  '@opentelemetry/api',
  'bullmq',
  'cron-parser',
  'ioredis',
  'jose',
  'luxon',
  'prom-client',
  'semver',
  'undici',
  'zod',
]);

/** Every service as one file: most of a warm start was finding and opening three thousand. */
export async function bundleServices(root) {
  // Known only after the install.
  const { rolldown } = await import('rolldown');
  await Promise.all(listServices(root).map((app) => bundle(rolldown, join(root, 'apps', app))));
}

/** Whether each that was built is bundled too. */
export function isBundled(root) {
  return listServices(root).every((app) => existsSync(join(root, 'apps', app, BUNDLE, 'main.js')));
}

function listServices(root) {
  return readdirSync(join(root, 'apps')).filter((app) => /^gateway$|^simulator$|-worker$/.test(app));
}

async function bundle(rolldown, app) {
  const folder = join(app, BUNDLE);
  const bundled = await rolldown({
    input: join(app, 'dist/main.js'),
    platform: 'node',
    treeshake: false,
    external: isLeftApart,
    plugins: [{ name: 'own-place', transform: (code, file) => keepPlace(code, { file, folder }) }],
  });
  await bundled.write({ dir: folder, format: 'esm', entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' });
  await bundled.close();
}

function isLeftApart(name) {
  if (/^[./]|^@sluice\//.test(name)) return false;
  const [scope = '', packageName] = name.split('/');
  return !TAKEN_IN.has(scope.startsWith('@') ? `${scope}/${packageName}` : scope);
}

/** Scripts and statements are found from the file that names them, wherever it is bundled. */
function keepPlace(code, { file, folder }) {
  if (!code.includes('import.meta.url') || file.includes('/node_modules/')) return null;
  const place = `new URL(${JSON.stringify(relative(folder, file))}, import.meta.url).href`;
  return { code: code.replaceAll('import.meta.url', place), map: null };
}
