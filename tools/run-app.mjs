// @ts-check
// `npm run accept` and `npm run bench`: builds what changed, then becomes the app's program with the rest of the
// arguments: `node tools/run-app.mjs <path of the built program> …`.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../deploy/local/build.mjs';
import { ensureInstalled } from '../deploy/local/install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program = '', ...args] = process.argv.slice(2);

await ensureInstalled(root);
await ensureBuilt(root);
process.argv = [process.execPath, join(root, program), ...args];
await import(join(root, program));
