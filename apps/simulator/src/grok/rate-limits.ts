import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import { readJsonBody } from '../openai/read-json-body.js';
import type { Handler } from '../vendor.js';
import { WINDOW_MS } from './grok-site.js';

const requestSchema = z.looseObject({ requestKind: z.string(), modelName: z.string().min(1) });
const NEWER_NAMES: ReadonlySet<string> = new Set(['auto', 'fast', 'expert', 'heavy']);

/** POST /rest/rate-limits: in the older shape, and for newer names in the newer. */
export const handleRateLimits: Handler = async (exchange, context) => {
  const { value } = await readJsonBody(exchange, requestSchema);
  const { answered, fault } = await admit(exchange, context, { model: value.modelName, prompt: '' });
  if (answered) return;
  const { remaining, total, waitMs } = context.state.grok.window(exchange.record.key ?? '', value.modelName);
  const waitTimeSeconds = Math.ceil(waitMs / 1000);
  const windowSizeSeconds = WINDOW_MS / 1000;
  const told = NEWER_NAMES.has(value.modelName)
    ? {
        windowSizeSeconds,
        remainingQueries: remaining,
        totalQueries: total,
        waitTimeSeconds,
        lowEffortRateLimits: null,
      }
    : {
        windowSizeSeconds,
        remainingTokens: remaining,
        totalTokens: total,
        lowEffortRateLimits: { cost: 1, remainingQueries: remaining, waitTimeSeconds },
        highEffortRateLimits: { cost: 4, remainingQueries: Math.floor(remaining / 4), waitTimeSeconds },
      };
  await sendBody(exchange, JSON.stringify(told), fault);
};
