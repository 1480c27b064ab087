import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { GROK_WEB_MODELS } from '@sluice/manifests/grok-models';
import type { CredentialHealth } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { callWebJson } from './web.request.js';

type Context = AccountContext<WebCredential>;

/** What is left of an account's window for a model, as the site tells it. */
export interface WebQuota {
  remaining: number;
  total: number | undefined;
  windowMs: number;
  /** How long there is nothing left, where that is so. */
  waitMs: number | undefined;
  /** The same for calls that think hard. */
  highWaitMs: number | undefined;
  /** What a call that thinks hard takes of it. */
  highCost: number | undefined;
}

const NAMES = [...new Set(GROK_WEB_MODELS.map(({ quota }) => quota))];
/** One is enough to know that the session lives; the heavy bucket is apart from all others. */
const HEAVY = 'grok-4-heavy';
const PROBED = ['grok-4', HEAVY];

export async function readQuota(modelName: string, context: Context): Promise<WebQuota | undefined> {
  const body = { requestKind: 'DEFAULT', modelName };
  return decodeQuota(await callWebJson({ path: '/rest/rate-limits', body }, context));
}

/** Both shapes: tokens with a cost per effort, and queries. */
export function decodeQuota(answer: Json): WebQuota | undefined {
  if (!isJsonObject(answer)) return undefined;
  const remaining = count(answer['remainingTokens']) ?? count(answer['remainingQueries']);
  if (remaining === undefined) return undefined;
  const high = isJsonObject(answer['highEffortRateLimits']) ? answer['highEffortRateLimits'] : {};
  const low = isJsonObject(answer['lowEffortRateLimits']) ? answer['lowEffortRateLimits'] : {};
  const waitOf = (told: JsonObject) => (count(told['waitTimeSeconds']) ?? 0) * 1000;
  const waitMs = Math.max(waitOf(answer), waitOf(low));
  return {
    remaining,
    total: count(answer['totalTokens']) ?? count(answer['totalQueries']) ?? count(answer['limit']),
    windowMs: (count(answer['windowSizeSeconds']) ?? 0) * 1000,
    waitMs: waitMs || undefined,
    highWaitMs: Math.max(waitMs, waitOf(high)) || undefined,
    highCost: count(high['cost']),
  };
}

/** A look at the account: whether it lives, and what is left of it. Only a session that is refused twice is over. */
export async function webProbe(context: Context): Promise<CredentialHealth> {
  try {
    return await look(context).catch((thrown: unknown) => {
      const { code, data } = toGatewayError(thrown);
      if (code !== 'upstream_auth' || data.reason !== undefined) throw thrown;
      return look(context);
    });
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code !== 'upstream_auth') throw error;
    return { isUsable: false, reason: error.message };
  }
}

async function look(context: Context): Promise<CredentialHealth> {
  const quotas: NonNullable<CredentialHealth['quotas']> = [];
  for (const name of NAMES.filter((each) => PROBED.includes(each))) {
    const quota = await readQuota(name, context);
    if (quota === undefined) continue;
    // The site does not tell when a window that is not used up ends: at the latest after its whole length.
    const endMs = quota.waitMs ?? quota.windowMs;
    quotas.push({
      name: name === HEAVY ? `chat ${HEAVY}` : '*',
      remaining: quota.remaining,
      ...(endMs > 0 && { resetAtMs: context.clock.now() + endMs }),
    });
  }
  return { isUsable: true, quotas };
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
