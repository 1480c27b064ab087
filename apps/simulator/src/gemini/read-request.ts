import type { z } from 'zod';
import type { Exchange } from '../http/exchange.js';
import { readBody } from '../http/read-body.js';
import { readMessage } from './read-message.js';
import { invalidArgument } from './refuse.js';

/** Reads a body, checks the names in it, then the values. */
export async function readRequest<Value>(
  exchange: Exchange,
  { type, schema }: { type: string; schema: z.ZodType<Value> },
): Promise<{ text: string; value: Value }> {
  const text = await readBody(exchange.request);
  return { text, value: readValues(readMessage(parse(text), { type }), schema) };
}

export function readValues<Value>(message: Record<string, unknown>, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = placeOf(issue?.path ?? []);
  throw invalidArgument(`Invalid value at '${field}': ${issue?.message}`, field);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidArgument('Invalid JSON payload received. Expected an object key or }.');
  }
}

/** `generation_config.top_p`, `contents[0].parts`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) =>
      typeof step === 'number'
        ? `[${step}]`
        : `.${String(step).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    )
    .join('')
    .replace(/^\./, '');
}
