import { z } from 'zod';

const environmentSchema = z.object({
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the operating system choose a free port. */
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

/** The only place where the simulator looks at its environment. */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): { host: string; port: number } {
  const parsed = environmentSchema.parse(environment);
  return { host: parsed.SIMULATOR_HOST, port: parsed.SIMULATOR_PORT };
}
