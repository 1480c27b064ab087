import type { z } from 'zod';
import { readBody } from '../http/read-body.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';

/** Reads and checks a JSON body; what is wrong with it is said as OpenAI says it. */
export async function readJsonBody<Value>(
  exchange: Exchange,
  schema: z.ZodType<Value>,
): Promise<{ text: string; value: Value }> {
  const text = await readBody(exchange.request);
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return { text, value: parsed.data };
  const issue = parsed.error.issues[0];
  const parameter = issue === undefined || issue.path.length === 0 ? undefined : issue.path.join('.');
  const isMissing = issue?.code === 'invalid_type' && issue.message.endsWith('received undefined');
  throw new SimulatedFailure('invalid-request', {
    status: 400,
    message: isMissing
      ? `Missing required parameter: '${parameter}'.`
      : `Invalid value for '${parameter}': ${issue?.message}.`,
    code: isMissing ? 'missing_required_parameter' : 'invalid_type',
    parameter,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SimulatedFailure('invalid-request', {
      status: 400,
      message: 'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.',
    });
  }
}
