import { chooseFault } from '../faults/choose-fault.js';
import { preempt } from '../faults/preempt.js';
import { wait } from '../faults/wait.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { HandlerContext } from '../vendor.js';
import { keepVideoFields } from '../videos/video-fields.js';
import { videoFile } from '../videos/video-file.js';
import { stageOf, type VideoRecord } from '../videos/video-record.js';

const TICK_MS = 100;
const COST = 4;

interface MakeVideo {
  exchange: Exchange;
  context: HandlerContext;
  prompt: string;
  postId: string;
  key: string;
}

/** The paid call of a video, which tells its progress. It is made whether anybody listens to the end or not. */
export async function makeVideo({ exchange, context, prompt, postId, key }: MakeVideo): Promise<void> {
  const { state, vendor } = context;
  const model = 'grok-3';
  state.journal.describe(exchange.record, { model, prompt, bodyBytes: 0 });
  state.keys.admit(key);
  if (!state.grok.ownsPost(key, postId))
    throw new SimulatedFailure('invalid-request', { status: 404, message: `Post ${postId} not found.` });
  const fault = chooseFault(state, { path: exchange.path, key, model, prompt, method: 'POST' });
  const take = (): VideoRecord => {
    if (!state.grok.spend(key, { name: model, cost: COST }))
      throw new SimulatedFailure('quota-exhausted', { status: 429, message: 'quota' });
    const video = state.videos.add({
      operation: 'create',
      sourceId: postId,
      seconds: '6',
      size: '480p',
      references: [],
      idempotencyKey: undefined,
      key,
      model,
      prompt,
      fault: keepVideoFields(fault),
    });
    return video;
  };
  const early = fault?.acceptFirst ? take() : undefined;
  if (early) keepWhenDone({ context, video: early, postId });
  if (fault !== undefined && (await preempt(exchange, fault, vendor))) return;
  const video = early ?? take();
  if (!early) keepWhenDone({ context, video, postId });
  await tellProgress({ exchange, context, video, postId });
}

async function tellProgress(call: Pick<MakeVideo, 'exchange' | 'context' | 'postId'> & { video: VideoRecord }) {
  const { exchange, context, video } = call;
  const { response, signal } = exchange;
  response.writeHead(200, { 'content-type': 'application/json' });
  exchange.markFirstByte();
  for (;;) {
    const { status, progress } = stageOf(video, context.state.clock());
    const isOver = status === 'completed' || status === 'failed' || status === 'cancelled';
    response.write(`${JSON.stringify(frame(call, isOver ? 100 : Math.floor(progress)))}\n`);
    if (isOver || signal.aborted) break;
    await wait(TICK_MS, signal);
  }
  response.end();
}

function frame(
  { context, video, postId }: Pick<MakeVideo, 'context' | 'postId'> & { video: VideoRecord },
  progress: number,
) {
  const { status } = stageOf(video, context.state.clock());
  const told = {
    videoId: video.id,
    progress,
    videoPostId: postId,
    videoUrl: status === 'completed' ? pathOf(context, video) : '',
    thumbnailImageUrl: '',
    resolutionName: '480p',
    moderated: video.fault.moderated === true && status === 'failed',
  };
  return { result: { response: { streamingVideoGenerationResponse: told } } };
}

/** What is made lies in the account from then on, and is found there by its post. */
function keepWhenDone({
  context,
  video,
  postId,
}: {
  context: HandlerContext;
  video: VideoRecord;
  postId: string;
}): void {
  const { state } = context;
  const look = (): void => {
    const { status } = stageOf(video, state.clock());
    if (status === 'completed') {
      const file = videoFile(video, 'video');
      if (file)
        state.grok.keep(video.key, {
          mimeType: file.mediaType,
          key: pathOf(context, video),
          bytes: file.bytes,
          sourcePostId: postId,
        });
    } else if (status === 'queued' || status === 'in_progress') setTimeout(look, TICK_MS).unref();
  };
  look();
}

function pathOf({ state }: HandlerContext, video: VideoRecord): string {
  return `users/${state.grok.account(video.key).userId}/generated/${video.id}/generated_video.mp4`;
}
