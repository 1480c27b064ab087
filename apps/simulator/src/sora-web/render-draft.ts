import type { Exchange } from '../http/exchange.js';
import type { SoraAccount } from './sora-account.js';
import type { SoraTask } from './sora-task.js';
import { stageOf } from './sora-task.js';

const LINK_LIFE_MS = 3 * 86_400_000;
const FRAMES_PER_SECOND = 30;

/** An entry of what is under way. */
export function renderPending(task: SoraTask, nowMs: number) {
  const { status, progress } = stageOf(task, nowMs);
  return {
    id: task.id,
    task_type: 'video_gen',
    status,
    failure_reason: null,
    prompt: task.prompt,
    title: null,
    progress_pct: progress,
    generations: [],
    creation_config: configOf(task),
  };
}

/** What it became. Unmarked files are of those plans that have them. */
export function renderDraft(
  task: SoraTask,
  { exchange, account, nowMs }: { exchange: Exchange; account: SoraAccount; nowMs: number },
) {
  const { fault, generationId } = task;
  const isBad = fault.moderated === true || fault.videoFails === true;
  const link = (file: string): string | null =>
    isBad ? null : linkTo(`${generationId}.${file}`, { exchange, task, nowMs });
  const reason = fault.moderated ? 'This content may violate our content policies.' : null;
  return {
    id: generationId,
    generation_id: generationId,
    task_id: task.id,
    kind: fault.moderated ? 'sora_content_violation' : fault.videoFails ? 'sora_error' : 'sora_draft',
    url: link('md.mp4'),
    downloadable_url: link('wm.mp4'),
    download_urls: {
      watermark: link('wm.mp4'),
      no_watermark: account.plan === 'chatgpt_pro' ? link('plain.mp4') : null,
      endcard_watermark: null,
    },
    width: task.width,
    height: task.height,
    duration_s: task.frames / FRAMES_PER_SECOND,
    generation_type: 'video_gen',
    created_at: task.createdAtMs / 1_000,
    prompt: task.prompt,
    title: null,
    reason: null,
    reason_str: reason,
    markdown_reason_str: reason,
    can_remix: !isBad,
    can_extend: !isBad,
    creation_config: configOf(task),
    encodings: {
      source: { path: `az://internal/${generationId}`, size: 1 },
      thumbnail: { path: link('thumbnail.png') },
    },
    post: task.postId === undefined ? null : { id: task.postId },
    tags: [],
  };
}

/** A signed link: it dies, and whoever has it needs nothing else. */
export function linkTo(
  file: string,
  { exchange, task, nowMs }: { exchange: Exchange; task: SoraTask; nowMs: number },
): string {
  const { host = '127.0.0.1' } = exchange.request.headers;
  const isDead = task.fault.expiredLink === true && task.contentCalls < (task.fault.contentFailTimes ?? 1);
  return `http://${host}/sora/az/files/${file}?se=${isDead ? nowMs - 1 : nowMs + LINK_LIFE_MS}&sig=sim`;
}

function configOf({ prompt, orientation, frames, request }: SoraTask) {
  const { remix_target_id: remixTarget, style_id: style } = request;
  return {
    prompt,
    orientation,
    n_frames: frames,
    remix_target_post: typeof remixTarget === 'string' ? { post: { id: remixTarget } } : null,
    style: typeof style === 'string' ? { id: style } : null,
    cameo_profiles: [],
    storyboard_id: null,
  };
}
