import type OpenAI from 'openai';
import { z } from 'zod';
import { eventually } from '../harness/eventually.js';
import { httpCall } from '../harness/http-call.js';

export const VIDEO_MODEL = 'sim-video';
/** Made at once, so that what is waited for is us. */
export const QUICK = '[[sim:queueMs=0,videoMs=100]]';

const submissionsSchema = z.object({ submissions: z.array(z.object({ prompt: z.string(), accepted: z.number() })) });

/** As users do it: by asking again until it is one of the two ends. */
export function untilEnded(sdk: OpenAI, id: string) {
  return eventually(
    `video ${id} ends`,
    async () => {
      const video = await sdk.videos.retrieve(id);
      return ['completed', 'failed'].includes(video.status) && video;
    },
    { withinMs: 30_000, everyMs: 200 },
  );
}

/** How often the simulator took each of these prompts on. */
export async function readSubmissions(simulatorUrl: string, prompt: string): Promise<Map<string, number>> {
  const query = new URLSearchParams({ prompt, limit: '0' });
  const answer = await httpCall({ url: `${simulatorUrl}/__control/videos?${query.toString()}` });
  const { submissions } = submissionsSchema.parse(answer.json());
  return new Map(submissions.map(({ prompt: text, accepted }) => [text, accepted]));
}
