import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LaunchError } from './launch-error.js';
import { writePrivateFile } from './write-private-file.js';

const secretsSchema = z.object({
  apiKey: z.string().min(1),
  adminToken: z.string().min(1),
  adminEmail: z.string().min(1),
  adminPassword: z.string().min(1),
  masterKey: z.string().min(1),
  redisPassword: z.string().min(1),
  postgresPassword: z.string().min(1),
});

export type Secrets = z.infer<typeof secretsSchema>;

/** An older release may have known fewer of them. */
const keptSchema = secretsSchema.partial();
type KeptSecrets = z.infer<typeof keptSchema>;

/** Generated at the first start of a home and the same ever after; a chosen value stands in for a generated one. */
export async function loadSecrets(options: { path: string; chosen: Partial<Secrets> }): Promise<Secrets> {
  const kept = await readKept(options.path);
  const secrets = secretsSchema.parse({ ...generateSecrets(), ...kept });
  if (kept === undefined || Object.keys(kept).length < Object.keys(secrets).length) {
    await writePrivateFile(options.path, `${JSON.stringify(secrets, null, 2)}\n`);
  }
  const chosen = Object.entries(options.chosen).filter(([, value]) => value !== undefined);
  return { ...secrets, ...Object.fromEntries(chosen) };
}

/** A file that cannot be read is never replaced: the master key in it opens what is sealed in the database. */
async function readKept(path: string): Promise<KeptSecrets | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new LaunchError(`The secrets of this instance cannot be read (${path}): ${error.message}`);
  });
  if (text === undefined) return undefined;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    throw new LaunchError(
      `${path} is damaged. Restore it from a backup; without its master key the stored credentials cannot be opened.`,
    );
  }
}

function generateSecrets(): Secrets {
  return {
    apiKey: `sk-${randomBytes(24).toString('hex')}`,
    adminToken: randomBytes(24).toString('hex'),
    adminEmail: 'admin@sluice.local',
    adminPassword: randomBytes(15).toString('base64url'),
    masterKey: randomBytes(32).toString('base64'),
    redisPassword: randomBytes(18).toString('hex'),
    postgresPassword: randomBytes(18).toString('hex'),
  };
}
