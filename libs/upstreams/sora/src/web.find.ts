import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { SubmitIntent } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { listDrafts, listPending } from './web.listing.js';
import { toOperation } from './web.operation.js';
import { toWebVideo, type WebVideo } from './web.video-request.js';

const MOST_PAGES = 100;
/** The site's clock tells whole seconds in its answers. */
const SLACK_MS = 3_000;
const UNKNOWN_CLOCK_MS = 120_000;

/**
 * Looks for a task that may have been taken on though nobody told us: by its prompt, under way or among the drafts since then. Only
 * a whole look says "no", since a wrong "no" is paid twice.
 */
export async function findVideo(
  intent: SubmitIntent<VideoRequest>,
  context: UpstreamContext<WebCredential>,
): Promise<Operation | undefined> {
  const video = toWebVideo(intent.request, context.model);
  const isOurs = ({ id, prompt }: { id: Json | undefined; prompt: Json | undefined }): boolean =>
    typeof id === 'string' && !intent.owned.has(id) && typeof prompt === 'string' && isSame(prompt, video.prompt);
  const found =
    (await listPending(context)).find(
      (task) => isOurs({ id: task['id'], prompt: task['prompt'] }) && fits(task, video),
    )?.['id'] ?? (await findDraft(intent, { context, isOurs }));
  if (typeof found !== 'string') return undefined;
  const { rendition } = video.options;
  return toOperation({
    id: found,
    acceptedAtMs: intent.submittedAtMs,
    ...(rendition === 'unmarked' && { rendition }),
  });
}

async function findDraft(
  { submittedAtMs }: SubmitIntent<VideoRequest>,
  {
    context,
    isOurs,
  }: {
    context: UpstreamContext<WebCredential>;
    isOurs(told: { id: string | undefined; prompt: string | undefined }): boolean;
  },
): Promise<string | undefined> {
  let pages = 0;
  for await (const { drafts, isLast, clockLeadMs } of listDrafts(context)) {
    const fromMs = submittedAtMs + (clockLeadMs ?? 0) - (clockLeadMs === undefined ? UNKNOWN_CLOCK_MS : SLACK_MS);
    const recent = drafts.filter(({ createdAtMs = Infinity }) => createdAtMs >= fromMs);
    const found = recent.find(({ taskId, prompt }) => isOurs({ id: taskId, prompt }));
    if (found) return found.taskId;
    if (recent.some(({ taskId, prompt }) => taskId === undefined || prompt === undefined))
      throw unknown('The upstream lists drafts of that time that cannot be told from the one that was asked for.');
    if (isLast || recent.length < drafts.length) return undefined;
    if ((pages += 1) >= MOST_PAGES) throw unknown('The upstream lists more drafts than can be looked through.');
  }
  return undefined;
}

/** What the list tells of the shape has to be what was asked for. */
function fits({ creation_config: told }: JsonObject, { orientation, seconds }: WebVideo): boolean {
  if (!isJsonObject(told)) return true;
  const { orientation: ownOrientation, n_frames: frames } = told;
  const isShape = typeof ownOrientation !== 'string' || ownOrientation === orientation;
  return isShape && (typeof frames !== 'number' || frames === seconds * 30);
}

/** The site trims, and folds white space. */
export function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  return plain(one) === plain(other);
}

export function unknown(message: string): GatewayError {
  return new GatewayError('outcome_unknown', message, { saw: 'unknown' });
}
