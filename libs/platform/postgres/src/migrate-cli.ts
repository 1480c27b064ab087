import { parseArgs } from 'node:util';
import { loadConfig } from '@sluice/platform-config/load-config';
import { migrate } from './migrate.js';
import { postgresEnvironment } from './postgres-environment.js';

/** The migrations job: `node dist/migrate-cli.js [--retry <name of a failed migration>]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { retry: { type: 'string' } } });
  const { DATABASE_URL: url } = loadConfig({ DATABASE_URL: postgresEnvironment.DATABASE_URL });
  const { applied } = await migrate({ url, ...(values.retry === undefined ? {} : { retry: values.retry }) });
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
