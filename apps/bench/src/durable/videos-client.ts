import { Agent, request } from 'undici';
import { z } from 'zod';
import { waitUntil } from '../process/wait-until.js';
import type { SluiceRun } from '../targets/launch-sluice.js';
import type { VideoModel } from '../upstream/videos-model.js';

const videoSchema = z.object({ id: z.string(), status: z.string() });
type Video = z.infer<typeof videoSchema>;

const agent = new Agent({ connections: 64 });
/** A new credential is known everywhere after a moment. */
const KNOWN_WITHIN_MS = 15_000;

/** What the bench does as a client beside the load. */
export class VideosClient {
  constructor(private readonly run: SluiceRun) {}

  async create(model: VideoModel, prompt: string): Promise<Video> {
    const body = JSON.stringify(videoBody(model, prompt));
    return waitUntil(
      async () => {
        const answer = await this.call('/v1/videos', { method: 'POST', body });
        return answer.status === 200 ? videoSchema.parse(JSON.parse(answer.text)) : undefined;
      },
      { deadlineMs: KNOWN_WITHIN_MS, message: `sluice takes no video of ${model}` },
    );
  }

  untilCompleted(id: string, deadlineMs: number): Promise<Video> {
    return waitUntil(
      async () => {
        const video = videoSchema.parse(JSON.parse((await this.call(`/v1/videos/${id}`)).text));
        return video.status === 'completed' ? video : undefined;
      },
      { deadlineMs, message: `video ${id} is not completed` },
    );
  }

  async etagOf(path: string): Promise<string | undefined> {
    return (await this.call(path)).etag;
  }

  async call(path: string, options: { method?: 'GET' | 'POST'; body?: string } = {}) {
    const answer = await request(this.run.gateway + path, {
      dispatcher: agent,
      method: options.method ?? 'GET',
      headers: { authorization: `Bearer ${this.run.apiKey}`, 'content-type': 'application/json' },
      ...(options.body !== undefined && { body: options.body }),
    });
    const { etag } = answer.headers;
    return { status: answer.statusCode, text: await answer.body.text(), ...(typeof etag === 'string' && { etag }) };
  }
}

export function videoBody(model: VideoModel, prompt: string) {
  return { model, prompt, seconds: '4', size: '1280x720' };
}
