import { GatewayError } from '@sluice/contracts/gateway-error';
import type { z } from 'zod';

/** The body, checked; a failure names the field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.map(String).join('.') || 'body';
  throw new GatewayError('invalid_request', `${param}: ${issue?.message ?? 'is not valid'}`, { param });
}
