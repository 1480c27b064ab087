import type { z } from 'zod';
import { GatewayError } from './gateway-error.js';

/** Parses a caller's body; the first problem becomes an `invalid_request` that names the field and never shows its value. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown, prefix = ''): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { field, problem } = describe(result.error.issues[0], prefix);
  throw new GatewayError('invalid_request', `${field}: ${problem}`, { param: field });
}

function describe(issue: z.core.$ZodIssue | undefined, prefix: string): { field: string; problem: string } {
  const path = [prefix, ...(issue?.path.map(String) ?? [])].filter((part) => part !== '');
  if (issue?.code === 'unrecognized_keys')
    return { field: [...path, issue.keys[0]].join('.'), problem: 'is not a known field' };
  return { field: path.length === 0 ? 'body' : path.join('.'), problem: issue?.message ?? 'is not valid' };
}
