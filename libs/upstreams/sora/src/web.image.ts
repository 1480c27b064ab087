import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { Job, JobStep, OperationStep, SubmitIntent } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './sora.credential.js';
import { instant } from './web.draft.js';
import { openFile, pictureFile } from './web.files.js';
import { isSame, unknown } from './web.find.js';
import { imageBody, refusePictures, sizeOf } from './web.image-request.js';
import { objects } from './web.listing.js';
import { noteSeen, readOperation, toOperation, type WebOperation } from './web.operation.js';
import { missingStep, progressOf } from './web.poll.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { callWebJson, type WebAccount } from './web.request.js';
import { callProtected } from './web.sentinel.js';
import { uploadPicture } from './web.upload.js';
import { taskIn } from './web.video.js';

type Context = UpstreamContext<WebCredential>;

const TASKS_PER_PAGE = 20;
const MOST_PAGES = 10;
const SLACK_MS = 120_000;

/** Pictures of the website are tasks as well, with a list of their own. */
export function createWebImage(proofOfWork: ProofOfWork): Job<'image', WebCredential> {
  return {
    start: (request, context) => start(request, context, proofOfWork),
    poll: pollImages,
    find: findImage,
    open: openFile,
  };
}

async function* start(
  request: ImageRequest,
  context: Context,
  proofOfWork: ProofOfWork,
): AsyncGenerator<JobStep, void, undefined> {
  refusePictures(request);
  const { model, clock } = context;
  sizeOf(request, model);
  const [picture] = request.pictures ?? [];
  const uploadId = picture && (await uploadPicture(picture, context));
  const body = imageBody(request, { model, ...(uploadId !== undefined && { uploadId }) });
  const id = taskIn(await callProtected({ path: '/video_gen', body }, context, proofOfWork));
  yield { type: 'accepted', operation: toOperation({ id, acceptedAtMs: clock.now() }) };
}

async function pollImages(operations: readonly Operation[], context: WebAccount): Promise<OperationStep[]> {
  const known = operations.map(readOperation);
  const wanted = new Set(known.map(({ id }) => id));
  const found = new Map<string, JsonObject>();
  for await (const { tasks } of listTasks(context)) {
    for (const task of tasks) if (typeof task['id'] === 'string' && wanted.has(task['id'])) found.set(task['id'], task);
    if (found.size === wanted.size) break;
  }
  return known.map((operation) => {
    const task = found.get(operation.id);
    return task ? taskStep(task, operation, context) : missingStep(operation, context.clock.now());
  });
}

function taskStep(task: JsonObject, operation: WebOperation, context: WebAccount): OperationStep {
  const { status, generations, failure_reason: reason, error_message: words } = task;
  const kept = toOperation(noteSeen(operation));
  if (status === 'failed') {
    const told = [words, reason].find((each): each is string => typeof each === 'string' && each !== '');
    const isRefused = /content|policy|moderation|violation|guardrail/i.test(`${String(reason)} ${told ?? ''}`);
    const code = isRefused ? 'content_refused' : 'upstream_error';
    const message = told ?? 'The upstream could not make the picture.';
    return { type: 'failed', operation: kept, error: { code, message, saw: 'refused' } };
  }
  const made = Array.isArray(generations) ? generations.filter((each) => isJsonObject(each)) : [];
  if (status !== 'succeeded' || made.length === 0)
    return { type: 'running', operation: kept, ...present({ progress: progressOf(task) }) };
  const [{ width, height } = {}] = made;
  const size = typeof width === 'number' && typeof height === 'number' ? `${width}x${height}` : undefined;
  const files = made.flatMap(({ id, url }) => (typeof id === 'string' ? [pictureFile({ id, url }, context)] : []));
  return { type: 'done', operation: kept, files, facts: present({ size }) };
}

/** A task of that prompt since then; one that tells no time and is done may be an older one. */
async function findImage(
  { request, owned, submittedAtMs }: SubmitIntent<ImageRequest>,
  context: Context,
): Promise<Operation | undefined> {
  for await (const { tasks } of listTasks(context)) {
    for (const task of tasks) {
      const { id, prompt, created_at: created, status } = task;
      if (typeof id !== 'string' || owned.has(id)) continue;
      if (typeof prompt !== 'string' || !isSame(prompt, request.prompt)) continue;
      const createdAtMs = instant(created);
      if (createdAtMs === undefined && status === 'succeeded')
        throw unknown('The upstream lists a picture of this prompt, and does not tell when it was made.');
      if (createdAtMs === undefined || createdAtMs >= submittedAtMs - SLACK_MS)
        return toOperation({ id, acceptedAtMs: submittedAtMs });
    }
  }
  return undefined;
}

/** Newest first. */
async function* listTasks(context: WebAccount): AsyncGenerator<{ tasks: JsonObject[] }, void, undefined> {
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(TASKS_PER_PAGE), ...(before !== undefined && { before }) });
    const answer = await callWebJson({ path: `/v2/recent_tasks?${query.toString()}` }, context);
    const { task_responses: responses, tasks, has_more: hasMore, last_id: lastId } = isJsonObject(answer) ? answer : {};
    yield { tasks: objects(responses ?? tasks ?? undefined, 'tasks') };
    if (hasMore !== true || typeof lastId !== 'string' || lastId === before) return;
    before = lastId;
  }
}
