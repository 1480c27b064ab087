import { resolve } from 'node:path';
import { coreEnvironment } from '@sluice/platform-config/core-environment';
import { loadConfig } from '@sluice/platform-config/load-config';
import { z } from 'zod';

const text = z.string().optional();

const launcherEnvironment = {
  SLUICE_HOME: z.string().default('.sluice'),
  SHUTDOWN_MS: coreEnvironment.SHUTDOWN_MS,
  LOG_LEVEL: coreEnvironment.LOG_LEVEL,
  SLUICE_PORT: z.coerce.number('must be a port').int().min(0).max(65_535).default(8080),
  SLUICE_HOST: z.string().default('127.0.0.1'),
  SLUICE_API_KEY: text,
  SLUICE_ADMIN_TOKEN: text,
  SLUICE_ADMIN_EMAIL: text,
  SLUICE_ADMIN_PASSWORD: text,
  SLUICE_MASTER_KEY: text,
  SLUICE_DEMO: z.enum(['auto', 'on', 'off'], { error: 'must be auto, on or off' }).default('auto'),
  SLUICE_REPLICAS: z.string().default('').transform(readReplicas),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }).optional(),
} satisfies z.ZodRawShape;

export type LauncherEnvironment = Readonly<z.infer<z.ZodObject<typeof launcherEnvironment>>>;

/** The launcher's share of the environment; all of it is handed on to the services, which check their own. */
export function readLauncherEnvironment({
  environment,
  root,
}: {
  environment: NodeJS.ProcessEnv;
  root: string;
}): LauncherEnvironment {
  const config = loadConfig(launcherEnvironment, environment);
  return { ...config, SLUICE_HOME: resolve(root, config.SLUICE_HOME) };
}

/** `gateway=2,openai-worker=3` → how many of each; one of everything else. */
function readReplicas(value: string, context: z.RefinementCtx): ReadonlyMap<string, number> {
  const replicas = new Map<string, number>();
  for (const part of value.split(',').map((item) => item.trim())) {
    if (part === '') continue;
    const match = /^([a-z][a-z0-9-]*)=([1-9]\d?)$/.exec(part);
    if (match?.[1] === undefined)
      context.addIssue({ code: 'custom', message: `“${part}” is not of the form name=number` });
    else replicas.set(match[1], Number(match[2]));
  }
  return replicas;
}
