import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import { GROK_WEB_MODELS } from '@sluice/manifests/grok-models';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { readQuota, type WebQuota } from './web.quota.js';

type Context = UpstreamContext<WebCredential>;

/** What is told of an account is looked into before it counts: a refused session is asked once more, a quota is read. */
export async function* lookedInto<Told>(
  told: AsyncIterable<Told>,
  context: Context,
): AsyncGenerator<Told, void, undefined> {
  try {
    yield* told;
  } catch (thrown) {
    throw await lookInto(thrown, context);
  }
}

async function lookInto(thrown: unknown, context: Context): Promise<unknown> {
  const error = toGatewayError(thrown);
  if (context.signal.aborted) return thrown;
  if (error.code === 'upstream_auth' && error.data.reason === undefined) return confirm(error, context);
  if (error.code !== 'upstream_rate_limited') return thrown;
  const model = GROK_WEB_MODELS.find(({ id }) => id === context.model);
  const quota = await readQuota(model?.quota ?? context.model, context).catch(() => undefined);
  return quota === undefined
    ? error
    : judge(error, { quota, cost: model?.cost ?? 1, isApart: model?.plans.length === 1 });
}

/** Only a session that is refused twice is over. */
async function confirm(error: GatewayError, context: Context): Promise<GatewayError> {
  try {
    await readQuota('grok-4', context);
  } catch {
    return error;
  }
  const { code: _, message: __, ...rest } = error.data;
  return new GatewayError('upstream_error', 'The upstream refused the session once, and took it the next time.', rest);
}

/** The quota tells whether to wait for its end, or for a moment; a limit that it knows nothing of is a throttle. */
function judge(error: GatewayError, { quota, cost, isApart }: { quota: WebQuota; cost: number; isApart: boolean }) {
  if (quota.remaining >= cost) return error;
  const { code: _, message, ...rest } = error.data;
  const retryAfterMs = (cost > 1 ? quota.highWaitMs : quota.waitMs) ?? rest.retryAfterMs;
  return new GatewayError('upstream_quota_exhausted', message, {
    ...rest,
    ...present({ retryAfterMs }),
    // A model that takes more than is left rests alone, and so does one that is counted apart.
    ...((isApart || quota.remaining > 0) && { scope: 'model' as const }),
  });
}
