import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { SubmitIntent } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { listDrafts, listPending } from './web.listing.js';
import { readReferences, toOperation } from './web.operation.js';
import { toWebVideo, type WebVideo } from './web.video-request.js';

const MOST_PAGES = 100;
/** The site's clock tells whole seconds in its answers. */
const SLACK_MS = 3_000;
const UNKNOWN_CLOCK_MS = 120_000;

/** What a list tells of a task. */
interface Told {
  id: Json | undefined;
  prompt: Json | undefined;
  config: Json | undefined;
}

/**
 * Looks for a task that may have been taken on though nobody told us: by its prompt, under way or among the drafts since then. Only
 * a whole look says "no", since a wrong "no" is paid twice.
 */
export async function findVideo(
  intent: SubmitIntent<VideoRequest>,
  context: UpstreamContext<WebCredential>,
): Promise<Operation | undefined> {
  const video = toWebVideo(intent.request, context.model);
  const isOurs = ({ id, prompt, config }: Told): boolean =>
    typeof id === 'string' &&
    !intent.owned.has(id) &&
    typeof prompt === 'string' &&
    isSame(prompt, video.prompt) &&
    fits(config, video);
  // The words of an extension are written anew by the site: whatever nobody owns may be it.
  const isUntold = (id: Json | undefined): boolean =>
    video.kind === 'extension' && typeof id === 'string' && !intent.owned.has(id);
  const pending = await listPending(context);
  const found =
    pending.find(({ id, prompt, creation_config: config }) => isOurs({ id, prompt, config }))?.['id'] ??
    (await findDraft(intent, { context, isOurs, isUntold }));
  if (typeof found !== 'string') {
    if (pending.some(({ id }) => isUntold(id))) throw untold('is at work on something');
    return undefined;
  }
  const { rendition } = video.options;
  return toOperation({
    id: found,
    acceptedAtMs: intent.submittedAtMs,
    references: readReferences(intent.prepared?.['references']),
    ...(rendition === 'unmarked' && { rendition }),
  });
}

async function findDraft(
  { submittedAtMs }: SubmitIntent<VideoRequest>,
  {
    context,
    isOurs,
    isUntold,
  }: {
    context: UpstreamContext<WebCredential>;
    isOurs(told: Told): boolean;
    isUntold(id: string | undefined): boolean;
  },
): Promise<string | undefined> {
  let pages = 0;
  for await (const { drafts, isLast, clockLeadMs } of listDrafts(context)) {
    const fromMs = submittedAtMs + (clockLeadMs ?? 0) - (clockLeadMs === undefined ? UNKNOWN_CLOCK_MS : SLACK_MS);
    const recent = drafts.filter(({ createdAtMs = Infinity }) => createdAtMs >= fromMs);
    const found = recent.find(({ taskId, prompt, config }) => isOurs({ id: taskId, prompt, config }));
    if (found) return found.taskId;
    if (recent.some(({ taskId, prompt }) => taskId === undefined || prompt === undefined || isUntold(taskId)))
      throw untold('lists drafts of that time');
    if (isLast || recent.length < drafts.length) return undefined;
    if ((pages += 1) >= MOST_PAGES) throw unknown('The upstream lists more drafts than can be looked through.');
  }
  return undefined;
}

/** What a list tells of the shape has to be what was asked for. An extension has its film's, and the length of both. */
function fits(told: Json | undefined, { kind, orientation, seconds }: WebVideo): boolean {
  if (!isJsonObject(told) || kind === 'extension') return true;
  const { orientation: ownOrientation, n_frames: frames, remix_target_post: post } = told;
  if (isJsonObject(post) && kind !== 'remix') return false;
  const isShape = typeof ownOrientation !== 'string' || ownOrientation === orientation;
  return isShape && (typeof frames !== 'number' || frames === seconds * 30);
}

/** The site trims, and folds white space. */
export function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  return plain(one) === plain(other);
}

function untold(what: string): GatewayError {
  return unknown(`The upstream ${what} that cannot be told from the one that was asked for.`);
}

export function unknown(message: string): GatewayError {
  return new GatewayError('outcome_unknown', message, { saw: 'unknown' });
}
