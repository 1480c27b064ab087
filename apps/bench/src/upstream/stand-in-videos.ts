import { monotonicMicros } from '../measure/monotonic-clock.js';
import { pacedVideoMs, videoModels } from './videos-model.js';

interface StandInVideo {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly createdMicros: number;
  /** When each progress was told for the first time, by its number. */
  readonly toldMicros: Record<number, number>;
}

const MICROS_PER_SECOND = 1_000_000;
const createdAt = (): number => Math.floor(Date.now() / 1000);

/** The videos of all accounts. */
export class StandInVideos {
  private readonly accounts = new Map<string, Map<string, StandInVideo>>();
  private count = 0;

  create(account: string, { model, prompt }: { model: string; prompt: string }): string {
    this.count += 1;
    return this.add(account, { id: `video_stand_in_${this.count}`, model, prompt });
  }

  /** Some that are known by their numbers: `NAME-0`, `NAME-1` … */
  fill(account: string, { name, count }: { name: string; count: number }): void {
    const own = this.accountOf(account);
    own.clear();
    for (let number = 0; number < count; number += 1)
      this.add(account, { id: `${name}-${number}`, model: account, prompt: `${name} ${number}` });
  }

  tell(account: string, id: string): string | undefined {
    const video = this.accountOf(account).get(id);
    return video && describe(video);
  }

  /** The newest first. One of the accounts whose progress is measured lists nothing: there, what is told has been asked for. */
  page(account: string, { limit, after }: { limit: number; after: string | null }): string | undefined {
    if (account === videoModels.paced) return undefined;
    const ids = [...this.accountOf(account).keys()].reverse();
    const from = after === null ? 0 : ids.indexOf(after) + 1;
    const own = ids.slice(from, from + limit);
    const data = own.map((id) => this.tell(account, id)).join(',');
    const hasMore = from + limit < ids.length;
    return `{"object":"list","data":[${data}],"last_id":${JSON.stringify(own.at(-1) ?? null)},"has_more":${hasMore}}`;
  }

  told(account: string): { prompt: string; toldMicros: Record<number, number> }[] {
    return [...this.accountOf(account).values()].map(({ prompt, toldMicros }) => ({ prompt, toldMicros }));
  }

  private add(account: string, video: Pick<StandInVideo, 'id' | 'model' | 'prompt'>): string {
    const full: StandInVideo = { ...video, createdMicros: monotonicMicros(), toldMicros: {} };
    this.accountOf(account).set(video.id, full);
    return describe(full);
  }

  private accountOf(account: string): Map<string, StandInVideo> {
    const own = this.accounts.get(account) ?? new Map<string, StandInVideo>();
    this.accounts.set(account, own);
    return own;
  }
}

/** What is told is noted: that is when the upstream said it. */
function describe(video: StandInVideo): string {
  const progress = progressOf(video);
  // The end is another matter: its file is copied before it is told.
  if (progress > 0 && progress < 100) video.toldMicros[progress] ??= monotonicMicros();
  const status = progress === 100 ? 'completed' : 'in_progress';
  return (
    `{"id":${JSON.stringify(video.id)},"object":"video","model":"${video.model}","status":"${status}",` +
    `"progress":${progress},"created_at":${createdAt() - 1},"prompt":${JSON.stringify(video.prompt)},"seconds":"4","size":"1280x720"}`
  );
}

function progressOf({ model, createdMicros }: StandInVideo): number {
  if (model === videoModels.large) return 100;
  if (model !== videoModels.paced && model !== videoModels.listed) return 0;
  const elapsedMs = ((monotonicMicros() - createdMicros) / MICROS_PER_SECOND) * 1000;
  return Math.min(100, Math.floor((elapsedMs / pacedVideoMs) * 100));
}
