import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { QUICK, readSubmissions, untilEnded, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import { readSoraTasks, routeToSessions } from '../../scenarios/sora-session.js';

const KINDS = ['key', 'session', 'remix', 'storyboard', 'extension', 'image'] as const;
export type Kind = (typeof KINDS)[number];

/** One piece of work that a client asked for. */
export interface Order {
  /** `whole`, or what is wrong with it. */
  file(endsAt: number): Promise<string>;
}

interface Wish {
  word: string;
  /** What the simulator makes of it. */
  markersOf(kind: Kind): string;
  wishes: Readonly<Record<Kind, number>>;
  /** Finished videos of sessions, each of which is remixed and extended once. */
  sources: readonly string[];
}

/** Videos to start from. */
export async function makeSources(client: SluiceClient, count: number): Promise<string[]> {
  const { video: model } = await routeToSessions(client);
  const make = async (number: number): Promise<string> => {
    const body = { model, prompt: `source ${number} ${QUICK}`, seconds: '10' };
    const { id } = await client.openai.post<{ id: string }>('/videos', { body });
    const { status } = await untilEnded(client.openai, id);
    if (status !== 'completed') throw new Error(`source ${number} is ${status}`);
    return id;
  };
  return Promise.all(Array.from({ length: count }, (_, number) => make(number)));
}

/** Asks for all of it at once; answers when videos were acknowledged: pictures are waited for with their files. */
export async function orders(client: SluiceClient, { word, markersOf, wishes, sources }: Wish): Promise<Order[]> {
  const models = await routeToSessions(client);
  const place = async (kind: Kind, number: number): Promise<Order> => {
    const prompt = `${word} ${kind} ${number}. [[sim:${markersOf(kind)}]]`;
    const source = sources[number % sources.length] ?? '';
    switch (kind) {
      case 'key':
        return video(client, '/videos', { model: VIDEO_MODEL, prompt, seconds: '4' });
      case 'session':
        return video(client, '/videos', { model: models.video, prompt, seconds: '10' });
      case 'storyboard': {
        const storyboard = {
          shots: [
            { seconds: 5, scene: 'a cat' },
            { seconds: 5, scene: 'a dog' },
          ],
        };
        return video(client, '/videos', { model: models.video, prompt, seconds: '10', storyboard });
      }
      case 'remix':
        return video(client, `/videos/${source}/remix`, { prompt });
      case 'extension':
        return video(client, '/videos/extensions', { video: { id: source }, prompt, seconds: '15' });
      case 'image':
        return picture(client, { model: models.image, prompt });
    }
  };
  const all = KINDS.flatMap((kind) => Array.from({ length: wishes[kind] }, (_, number) => place(kind, number)));
  return Promise.all(all);
}

/** How often the simulators took each prompt on. */
export async function readAccepted(client: SluiceClient, word: string): Promise<Map<string, number>> {
  const { url } = client.simulator;
  const [byKey, { submissions }] = await Promise.all([readSubmissions(url, word), readSoraTasks(url, word)]);
  for (const { prompt, accepted } of submissions) byKey.set(prompt, accepted);
  return byKey;
}

async function video(client: SluiceClient, path: string, body: object): Promise<Order> {
  const { id } = await client.openai.post<{ id: string }>(path, { body });
  return {
    file: async (endsAt) => {
      const ended = await eventually(
        `${path} ends`,
        async () => {
          const { status, error } = await client.openai.videos.retrieve(id);
          return ['completed', 'failed'].includes(status) && { status, message: error?.message ?? '' };
        },
        { withinMs: endsAt - performance.now(), everyMs: 1_000 },
      ).catch((error: Error) => ({ status: 'unknown', message: error.message }));
      if (ended.status !== 'completed') return `${path}: ${ended.status} ${ended.message}`;
      const { status, headers } = await client.call(`/v1/videos/${id}/content`);
      return status === 200 && headers['content-type'] === 'video/mp4' ? 'whole' : `${path}: content ${status}`;
    },
  };
}

async function picture(client: SluiceClient, body: { model: string; prompt: string }): Promise<Order> {
  const answer = client.openai.images.generate({ ...body, response_format: 'b64_json' }).then(
    ({ data }) => ((data?.[0]?.b64_json ?? '').startsWith('iVBOR') ? 'whole' : 'picture: no PNG'),
    (error: unknown) => `picture: ${error instanceof Error ? error.message : String(error)}`,
  );
  return { file: () => answer };
}
