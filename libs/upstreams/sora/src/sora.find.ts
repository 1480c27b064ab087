import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { SubmitIntent } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { listPages } from './sora.listing.js';
import { toOperation } from './sora.operation.js';
import type { SoraVideo } from './sora.schema.js';
import { sizeFor } from './sora.size.js';

type Context = UpstreamContext<ApiCredential>;

/** Vendors tell whole seconds, and a `Date` header is a whole second too. */
const BEFORE_MS = 3_000;
/** Where the vendor's clock cannot be read off its answer. */
const UNKNOWN_CLOCK_MS = 120_000;
/** A paused process can send long after it meant to. */
const AFTER_MS = 600_000;
/** A listing that goes on for longer is no answer. */
const MOST_PAGES = 100;

/**
 * Looks for a video that may have been taken on though nobody told us. Only a whole look at the listing, in which every video
 * of that time can be told apart, says "no": everything else is thrown as not known, since a wrong "no" is paid twice.
 */
export async function find(intent: SubmitIntent<VideoRequest>, context: Context): Promise<Operation | undefined> {
  const candidates: SoraVideo[] = [];
  const order = new Order();
  let pages = 0;
  let isWhole = false;
  try {
    for await (const { videos, isLast, clockLeadMs } of listPages(context)) {
      if ((pages += 1) > MOST_PAGES) throw unknown('The upstream lists more videos than can be looked through.');
      const window = windowOf(intent.submittedAtMs, clockLeadMs);
      candidates.push(...videos.filter((video) => isCandidate(video, { intent, window })));
      for (const video of videos) order.add(video);
      isWhole = isLast || order.hasPassed(window.fromMs);
      if (isWhole) break;
    }
  } catch (thrown) {
    throw undecidable(toGatewayError(thrown));
  }
  const found = best(candidates, intent, context);
  if (found === undefined && !isWhole) throw unknown('The upstream does not show its list of videos to the end.');
  return found && toOperation({ id: found.id, acceptedAtMs: context.clock.now() });
}

/** Whether a listing goes back in time, as was asked: some vendors do not look at that, and their first page is their oldest. */
class Order {
  private newestMs: number | undefined;
  private lastMs = Infinity;
  private isDescending = true;

  add({ createdAtMs }: SoraVideo): void {
    if (createdAtMs === undefined || createdAtMs > this.lastMs) this.isDescending = false;
    this.newestMs ??= createdAtMs;
    this.lastMs = createdAtMs ?? this.lastMs;
  }

  /** A single time has no order. */
  hasPassed(timeMs: number): boolean {
    return this.isDescending && this.lastMs < timeMs && this.newestMs !== undefined && this.newestMs > this.lastMs;
  }
}

interface Window {
  fromMs: number;
  toMs: number;
}

function windowOf(submittedAtMs: number, clockLeadMs: number | undefined): Window {
  const slackMs = clockLeadMs === undefined ? UNKNOWN_CLOCK_MS : BEFORE_MS;
  const atMs = submittedAtMs + (clockLeadMs ?? 0);
  return { fromMs: atMs - slackMs, toMs: atMs + AFTER_MS };
}

function isCandidate(
  { id, createdAtMs, prompt }: SoraVideo,
  { intent, window }: { intent: SubmitIntent<VideoRequest>; window: Window },
): boolean {
  if (intent.owned.has(id)) return false;
  // A video without a time may be any, as may one without a prompt.
  if (createdAtMs !== undefined && (createdAtMs < window.fromMs || createdAtMs > window.toMs)) return false;
  return prompt === undefined || plain(prompt) === plain(intent.request.prompt);
}

function best(
  candidates: readonly SoraVideo[],
  { request, submittedAtMs }: SubmitIntent<VideoRequest>,
  { model }: Context,
): SoraVideo | undefined {
  const likeness = (video: SoraVideo): number =>
    Number(isSameModel(video.model, model)) * 4 +
    Number(video.seconds === request.durationSeconds) * 2 +
    Number(video.size === sizeFor(request));
  const distance = ({ createdAtMs = Infinity }: SoraVideo): number => Math.abs(createdAtMs - submittedAtMs);
  const certain = candidates
    .filter(
      ({ prompt, createdAtMs, model: own }) =>
        prompt !== undefined && createdAtMs !== undefined && isSameModel(own, model),
    )
    .toSorted((one, other) => likeness(other) - likeness(one) || distance(one) - distance(other));
  if (certain.length > 0 || candidates.length === 0) return certain[0];
  throw unknown('The upstream lists videos of that time that cannot be told from the one that was asked for.');
}

/** Vendors answer with the name of a snapshot, `sora-2-2025-12-08`, or with none. What was remixed runs on another's model. */
function isSameModel(told: string | undefined, asked: string): boolean {
  return told === undefined || told === asked || told.startsWith(`${asked}-`) || asked.startsWith(`${told}-`);
}

/** Vendors trim, and fold white space. */
function plain(prompt: string): string {
  return prompt.replaceAll(/\s+/g, ' ').trim();
}

/** A vendor without a list leaves the question open for ever; one that did not answer, until the next look. */
function undecidable(error: GatewayError): GatewayError {
  const hasNoList = error.data.saw === 'refused' && [400, 404, 405, 501].includes(error.data.upstreamStatus ?? 0);
  if (!hasNoList) return error;
  return unknown('The upstream lists no videos, so a lost submission cannot be looked up.', error);
}

function unknown(message: string, cause?: GatewayError): GatewayError {
  return new GatewayError('outcome_unknown', message, { saw: 'unknown', ...(cause && { cause }) });
}
