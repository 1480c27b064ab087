import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { get, versioned } from './gemini.request.js';
import { readOperation, toOperation, type VeoOperation } from './veo-operation.js';
import { veoOperationSchema, type VeoAnswer } from './veo-schema.js';
import { toForgottenError, toStep } from './veo-step.js';

type Context = AccountContext<GeminiCredential>;

const MOST_AT_ONCE = 16;
/** A part of Google that knows nothing yet says "not found" for a while of what is running and paid. */
const LEAST_LOOKS = 5;
const LEAST_MS = 5 * 60_000;

/**
 * One step per operation, one call per step: the API lists none. A look that fails says nothing about the video, which stays
 * as it was; only when not one succeeded is that the account's failure, and thrown.
 */
export async function poll(operations: readonly Operation[], context: Context): Promise<OperationStep[]> {
  const looker = new Looker(context);
  const known = operations.map(readOperation);
  const steps = new Map<number, OperationStep>();
  const rest = known.entries();
  const lane = async (): Promise<void> => {
    for (const [index, operation] of rest) steps.set(index, await looker.look(operation));
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, known.length) }, lane));
  if (!looker.hasSucceeded && looker.failure !== undefined) throw looker.failure;
  return known.map((operation, index) => steps.get(index) ?? { type: 'running', operation: toOperation(operation) });
}

class Looker {
  hasSucceeded = false;
  failure: GatewayError | undefined;

  constructor(private readonly context: Context) {}

  async look(operation: VeoOperation): Promise<OperationStep> {
    const { signal, clock } = this.context;
    // Told to wait, or refused: the rest would only be told the same.
    if (this.failure !== undefined && HALTS.has(this.failure.code)) return unchanged(operation, this.failure);
    try {
      const answer = await this.fetch(operation);
      this.hasSucceeded = true;
      return toStep(answer, operation, { root: versioned(this.context), nowMs: clock.now() });
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (signal.aborted) throw error;
      if (isUnknown(error)) return this.missing(operation);
      this.failure ??= error;
      return unchanged(operation, error);
    }
  }

  private async fetch({ id }: VeoOperation): Promise<VeoAnswer> {
    const path = id.split('/').map(encodeURIComponent).join('/');
    const json = await readJson(await get(`/${path}`, this.context));
    const parsed = veoOperationSchema.safeParse(json);
    // An operation that failed has a name beside its error; a call that did has not.
    const failure = parsed.data?.name === undefined ? readToldFailure(json, this.context.clock.now()) : undefined;
    if (failure !== undefined) throw failure;
    if (parsed.success) return parsed.data;
    throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no operation.', {
      saw: 'unknown',
    });
  }

  private missing(operation: VeoOperation): OperationStep {
    this.hasSucceeded = true;
    const nowMs = this.context.clock.now();
    const { sinceMs, looks } = operation.missing ?? { sinceMs: nowMs, looks: 0 };
    const missing = { sinceMs, looks: Math.min(looks + 1, LEAST_LOOKS) };
    const isLost = missing.looks >= LEAST_LOOKS && nowMs - sinceMs >= LEAST_MS;
    if (isLost) return { type: 'failed', operation: toOperation(operation), error: toForgottenError() };
    return { type: 'running', operation: toOperation({ ...operation, missing }) };
  }
}

const HALTS: ReadonlySet<string> = new Set([
  'upstream_auth',
  'upstream_forbidden',
  'upstream_rate_limited',
  'upstream_quota_exhausted',
  'upstream_unreachable',
]);

function unchanged(operation: VeoOperation, { data }: GatewayError): OperationStep {
  const { retryAfterMs } = data;
  return {
    type: 'running',
    operation: toOperation(operation),
    ...(retryAfterMs !== undefined && { pollAfterMs: retryAfterMs }),
  };
}

/** A 404 in Google's own words is about the operation; one without speaks of our base URL. */
function isUnknown({ code, data }: GatewayError): boolean {
  return data.upstreamStatus === 404 && (code === 'not_found' || code === 'upstream_model_missing');
}
