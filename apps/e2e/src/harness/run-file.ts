import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const runFileSchema = z.object({
  gateway: z.url(),
  /** Every replica's address, by its name. */
  gateways: z.record(z.string(), z.url()).default({}),
  apiKey: z.string().startsWith('sk-'),
  adminToken: z.string().min(1),
  adminEmail: z.string().min(1),
  adminPassword: z.string().min(1),
  simulator: z.url().optional(),
  databaseUrl: z.string().startsWith('postgres'),
  redisUrl: z.string().startsWith('redis'),
  pids: z.record(z.string(), z.int().positive()),
});

/** What a running instance says of itself. */
export type RunFile = z.infer<typeof runFileSchema>;

export async function readRunFile(home: string): Promise<RunFile> {
  return runFileSchema.parse(JSON.parse(await readFile(join(home, 'run.json'), 'utf8')));
}
