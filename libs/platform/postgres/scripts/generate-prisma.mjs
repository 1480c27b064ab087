// Generates the Prisma client from the schema, unless the one that is there was made from the same schema.
// Runs before the first build, so it uses nothing but Node and the Prisma command line.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const library = dirname(dirname(fileURLToPath(import.meta.url)));
const root = join(library, '../../..');
const schema = join(root, 'prisma/schema.prisma');
const output = join(library, 'src/generated');
const stamp = join(output, '.schema-hash');

const require = createRequire(import.meta.url);
const prismaPackage = require.resolve('prisma/package.json');
const { version } = require(prismaPackage);
const hash = createHash('sha256').update(version).update(readFileSync(schema)).digest('hex');
const made = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (made !== hash) {
  rmSync(output, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(dirname(prismaPackage), 'build/index.js'), 'generate', '--schema', schema, '--no-hints'],
    {
      cwd: root,
      // What it says is part of the error when it fails, and nobody's business otherwise.
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        // Generating needs no schema engine, but the command wants to download one unless it is told of a file.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  writeFileSync(stamp, hash);
}
