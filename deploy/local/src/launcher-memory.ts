import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivateFile } from './write-private-file.js';

const memorySchema = z.object({
  /** The inner ports of last time, by service. */
  ports: z.record(z.string(), z.number()).default({}),
  /** The demo credential of each upstream, and where it points. */
  demoCredentials: z.record(z.string(), z.object({ id: z.string(), baseUrl: z.string() })).default({}),
  /** Digests of keys that were made credentials: once, since the operator may have changed them after. */
  firstKeys: z.array(z.string()).default([]),
});

/** What the launcher remembers of a home between starts. Nothing in it is needed: without it, it is found anew. */
export type LauncherMemory = z.infer<typeof memorySchema>;

export async function readMemory(path: string): Promise<LauncherMemory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return memorySchema.parse({});
  }
}

export function writeMemory(path: string, memory: LauncherMemory): Promise<void> {
  return writePrivateFile(path, `${JSON.stringify(memory, null, 2)}\n`);
}
