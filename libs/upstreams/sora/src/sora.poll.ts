import { type GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { InPassing, OperationStep } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { listPages } from './sora.listing.js';
import { isOverdue, noteMissing, toLostStep } from './sora.missing.js';
import { readOperation, toOperation, type SoraOperation } from './sora.operation.js';
import { callJson, pathOf } from './sora.request.js';
import { readVideo, type SoraVideo } from './sora.schema.js';
import { toStep } from './sora.step.js';

type Context = AccountContext<ApiCredential>;

const MOST_AT_ONCE = 16;
/** From so many on, a listing costs fewer calls than a look at each. */
const LISTING_FROM = 16;
const LEAST_OF_A_PAGE = 5;

/**
 * One step per operation. A look that fails says nothing about the video, which stays as it was; only when not one
 * succeeded is that the account's failure, and thrown.
 */
export async function poll(
  operations: readonly Operation[],
  context: Context,
  inPassing?: InPassing,
): Promise<OperationStep[]> {
  const known = operations.map(readOperation);
  const listing =
    known.length >= LISTING_FROM ? await listKnown(known, context, tellerOf(inPassing, context)) : UNLISTED;
  const looker = new Looker(context, listing.videos);
  const looks = await inParallel(known, (operation) => looker.look(operation));
  const hasSucceeded = listing.videos.size > 0 || looks.some(({ type }) => type !== 'failed');
  if (!hasSucceeded && looker.failure !== undefined) throw looker.failure;
  const proof = await prove(looks, { listing, context });
  return looks.map((look) => toResult(look, { proof, context }));
}

type Look = { operation: SoraOperation } & (
  | { type: 'seen'; video: SoraVideo }
  /** The operation has the look noted. */
  | { type: 'missing' }
  | { type: 'failed'; error: GatewayError }
);

interface Listing {
  videos: ReadonlyMap<string, SoraVideo>;
  hasAnswered: boolean;
}

const UNLISTED: Listing = { videos: new Map(), hasAnswered: false };

class Looker {
  failure: GatewayError | undefined;

  constructor(
    private readonly context: Context,
    private readonly listed: ReadonlyMap<string, SoraVideo>,
  ) {}

  async look(operation: SoraOperation): Promise<Look> {
    const { signal, clock } = this.context;
    // Told to wait, or refused: the rest would only be told the same.
    if (this.failure !== undefined && HALTS.has(this.failure.code))
      return { type: 'failed', operation, error: this.failure };
    try {
      const video = this.listed.get(operation.id) ?? (await this.fetch(operation));
      return { type: 'seen', operation, video };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (signal.aborted) throw error;
      if (isUnknown(error)) return { type: 'missing', operation: noteMissing(operation, clock.now()) };
      this.failure ??= error;
      return { type: 'failed', operation, error };
    }
  }

  private async fetch({ id }: SoraOperation): Promise<SoraVideo> {
    const { json } = await callJson({ method: 'GET', path: pathOf(id) }, this.context);
    return readVideo(json, id);
  }
}

/** That the vendor answers for this account at all: by what was seen, else by its list, if somebody's end hangs on it. */
async function prove(
  looks: readonly Look[],
  { listing, context }: { listing: Listing; context: Context },
): Promise<Listing> {
  const hasAnswered = listing.hasAnswered || looks.some(({ type }) => type === 'seen');
  if (hasAnswered) return { ...listing, hasAnswered };
  const nowMs = context.clock.now();
  const overdue = looks.filter(({ type, operation }) => type === 'missing' && isOverdue(operation, nowMs));
  if (overdue.length === 0) return listing;
  return listKnown(
    overdue.map(({ operation }) => operation),
    context,
  );
}

function toResult(look: Look, { proof, context }: { proof: Listing; context: Context }): OperationStep {
  const { baseUrl, clock } = context;
  const { operation } = look;
  if (look.type === 'failed') return unchanged(operation, look.error);
  const video = look.type === 'seen' ? look.video : proof.videos.get(operation.id);
  if (video !== undefined) return toStep(video, operation, baseUrl);
  if (proof.hasAnswered && isOverdue(operation, clock.now())) return toLostStep(operation);
  return { type: 'running', operation: toOperation(operation) };
}

function unchanged(operation: SoraOperation, { data }: GatewayError): OperationStep {
  const { retryAfterMs } = data;
  return {
    type: 'running',
    operation: toOperation(operation),
    ...(retryAfterMs !== undefined && { pollAfterMs: retryAfterMs }),
  };
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

/** Tells what a list says of videos that nobody asked for. */
function tellerOf(inPassing: InPassing | undefined, { baseUrl }: Context): (video: SoraVideo) => void {
  const known = (inPassing?.operations ?? []).map(readOperation);
  const places = new Map(known.map((operation, index) => [operation.id, { operation, index }]));
  return (video) => {
    const place = video.status === undefined ? undefined : places.get(video.id);
    if (place) inPassing?.tell(place.index, toStep(video, place.operation, baseUrl));
  };
}

/** As far as it can be had by listing; what is missing is asked for one by one. */
async function listKnown(
  known: readonly SoraOperation[],
  context: Context,
  tellInPassing: (video: SoraVideo) => void = () => {},
): Promise<Listing> {
  const wanted = new Set(known.map(({ id }) => id));
  const videos = new Map<string, SoraVideo>();
  let hasAnswered = false;
  // What is long done, or was asked for by others, lies between ours: a page has to be worth its call.
  try {
    for await (const { videos: page } of listPages(context)) {
      hasAnswered = true;
      const ours = page.filter(({ id, status }) => wanted.has(id) && status !== undefined);
      for (const video of ours) videos.set(video.id, video);
      for (const video of page) if (!wanted.has(video.id)) tellInPassing(video);
      if (videos.size === wanted.size || ours.length < LEAST_OF_A_PAGE) break;
    }
  } catch (thrown) {
    if (context.signal.aborted) throw toGatewayError(thrown);
    // The single looks will tell what is wrong, if it is more than a missing list.
  }
  return { videos, hasAnswered };
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
