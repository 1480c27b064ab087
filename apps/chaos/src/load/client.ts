import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { call } from '../call.js';
import { MODEL } from '../system/system.js';
import type { Wish } from './plan.js';

/** What a client knows of its wish. */
export interface Granted {
  wish: Wish;
  videoId: string;
  generationId: string;
  /** Every id that its key was ever answered with. */
  ids: ReadonlySet<string>;
  posts: number;
}

export interface ClientOptions {
  gateways: readonly string[];
  apiKey: string;
  /** Where ends can be told; the key of a wish goes behind it. */
  hookUrl: string;
  signal: AbortSignal;
}

const videoSchema = z.object({ id: z.string() });
const LONGEST_PAUSE_MS = 2_000;

/** Posts until it is acknowledged, and then once more: the key has to give the same video, at whichever gateway. */
export async function postUntilGranted(wish: Wish, options: ClientOptions): Promise<Granted> {
  const ids = new Set<string>();
  let posts = 0;
  let acknowledged = 0;
  let pauseMs = 50;
  while (acknowledged < 2) {
    options.signal.throwIfAborted();
    const gateway = options.gateways[posts % options.gateways.length] ?? '';
    posts += 1;
    const id = await postOnce(wish, { gateway, ...options });
    if (id !== undefined) {
      ids.add(id);
      acknowledged += 1;
      continue;
    }
    await delay(pauseMs, undefined, { signal: options.signal });
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  const [videoId = ''] = ids;
  return { wish, videoId, generationId: videoId.replace(/^video_/, 'gen_'), ids, posts };
}

/** Undefined where nothing was acknowledged; a refusal that no retry cures is a defect, and thrown. */
async function postOnce(
  { prompt, idempotencyKey, hasOwnUrl }: Wish,
  { gateway, apiKey, hookUrl }: { gateway: string; apiKey: string; hookUrl: string },
): Promise<string | undefined> {
  const answer = await call({
    url: `${gateway}/v1/videos`,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': idempotencyKey,
      ...(hasOwnUrl && { 'x-sluice-webhook': `${hookUrl}/${idempotencyKey}` }),
    },
    body: { model: MODEL, prompt, seconds: '4', size: '1280x720' },
  }).catch(() => undefined);
  if (answer === undefined) return undefined;
  if (answer.status >= 200 && answer.status < 300) return videoSchema.parse(answer.json()).id;
  if (answer.status >= 500 || [408, 409, 429].includes(answer.status)) return undefined;
  throw new Error(`a post was refused with ${answer.status}: ${answer.bytes.toString().slice(0, 300)}`);
}
