import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.js';

/**
 * Reads the variables that `shape` names, once, at a process's start. Shapes of several libraries are composed by
 * spreading. An empty variable counts as absent, since compose files and shells cannot say "unset".
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Record<string, string | undefined> = process.env,
): z.infer<z.ZodObject<Shape>> {
  const present: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const value = environment[name]?.trim();
    if (value) present[name] = value;
  }
  const result = z.object(shape).safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => describe(issue, present)));
}

function describe(issue: z.core.$ZodIssue, present: Record<string, string>): ConfigProblem {
  const variable = String(issue.path[0] ?? '(all)');
  return { variable, problem: variable in present ? issue.message : 'is required and absent' };
}
