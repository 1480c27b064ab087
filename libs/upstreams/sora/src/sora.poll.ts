import { type GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { OperationStep } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { SoraCredential } from './sora.credential.js';
import { toForgottenError } from './sora.error.js';
import { listPages } from './sora.listing.js';
import { readOperation, toOperation, type SoraOperation } from './sora.operation.js';
import { callJson, pathOf } from './sora.request.js';
import { readVideo, type SoraVideo } from './sora.schema.js';
import { toStep } from './sora.step.js';

type Context = AccountContext<SoraCredential>;

const MOST_AT_ONCE = 16;
/** From so many on, a listing costs fewer calls than a look at each. */
const LISTING_FROM = 16;
const LEAST_OF_A_PAGE = 5;
/** A vendor of several parts may not know everywhere at once what it took on. */
const SETTLING_MS = 60_000;

/**
 * One step per operation. A look that fails says nothing about the video, which stays as it was; only when not one
 * succeeded is that the account's failure, and thrown.
 */
export async function poll(operations: readonly Operation[], context: Context): Promise<OperationStep[]> {
  const known = operations.map(readOperation);
  const listed = known.length >= LISTING_FROM ? await listKnown(known, context) : new Map<string, SoraVideo>();
  const looker = new Looker(context, listed);
  const steps = await inParallel(known, (operation) => looker.look(operation));
  if (known.length > 0 && !looker.hasSucceeded && looker.failure !== undefined) throw looker.failure;
  return steps;
}

class Looker {
  hasSucceeded = false;
  failure: GatewayError | undefined;

  constructor(
    private readonly context: Context,
    private readonly listed: ReadonlyMap<string, SoraVideo>,
  ) {
    this.hasSucceeded = listed.size > 0;
  }

  async look(operation: SoraOperation): Promise<OperationStep> {
    const { baseUrl, signal } = this.context;
    // Told to wait, or refused: the rest would only be told the same.
    if (this.failure !== undefined && HALTS.has(this.failure.code)) return this.unchanged(operation, this.failure);
    try {
      const video = this.listed.get(operation.id) ?? (await this.fetch(operation));
      this.hasSucceeded = true;
      return toStep(video, operation, baseUrl);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (signal.aborted) throw error;
      if (isUnknown(error)) {
        this.hasSucceeded = true;
        return this.missing(operation);
      }
      this.failure ??= error;
      return this.unchanged(operation, error);
    }
  }

  private async fetch({ id }: SoraOperation): Promise<SoraVideo> {
    const { json } = await callJson({ method: 'GET', path: pathOf(id) }, this.context);
    return readVideo(json);
  }

  private missing(operation: SoraOperation): OperationStep {
    const isSettling = this.context.clock.now() - operation.acceptedAtMs < SETTLING_MS;
    if (isSettling) return { type: 'running', operation: toOperation(operation) };
    return { type: 'failed', operation: toOperation(operation), error: toForgottenError() };
  }

  private unchanged(operation: SoraOperation, { data }: GatewayError): OperationStep {
    const { retryAfterMs } = data;
    return {
      type: 'running',
      operation: toOperation(operation),
      ...(retryAfterMs !== undefined && { pollAfterMs: retryAfterMs }),
    };
  }
}

const HALTS: ReadonlySet<string> = new Set([
  'upstream_auth',
  'upstream_forbidden',
  'upstream_rate_limited',
  'upstream_quota_exhausted',
  'upstream_unreachable',
]);

/** A 404 with the vendor's own words is about the video; one without speaks of our base URL. */
function isUnknown({ code, data }: GatewayError): boolean {
  if (data.upstreamStatus === 410) return true;
  return data.upstreamStatus === 404 && (code === 'not_found' || code === 'upstream_model_missing');
}

/** As far as it can be had by listing; what is missing is asked for one by one. */
async function listKnown(known: readonly SoraOperation[], context: Context): Promise<Map<string, SoraVideo>> {
  const wanted = new Set(known.map(({ id }) => id));
  const found = new Map<string, SoraVideo>();
  // What is long done, or was asked for by others, lies between ours: a page has to be worth its call.
  try {
    for await (const { videos } of listPages(context)) {
      const ours = videos.filter(({ id, status }) => wanted.has(id) && status !== undefined);
      for (const video of ours) found.set(video.id, video);
      if (found.size === wanted.size || ours.length < LEAST_OF_A_PAGE) break;
    }
  } catch (thrown) {
    if (context.signal.aborted) throw toGatewayError(thrown);
    // The single looks will tell what is wrong, if it is more than a missing list.
  }
  return found;
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, items.length) }, lane));
  return results;
}
