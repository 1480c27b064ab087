import type { Clock } from '../clock.js';
import { videoFields, type VideoFault } from './video-fields.js';
import { stageOf, type VideoRecord } from './video-record.js';
import { z } from 'zod';

const KEPT_VIDEOS = 200_000;

export const videoDefaultsSchema = z.strictObject(videoFields);

export const videoQuerySchema = z.strictObject({
  /** Any part of the prompt. */
  prompt: z.string().optional(),
  /** How many videos to list, the newest. */
  limit: z.coerce.number().int().min(0).default(100),
});

/** Somebody who can appear in videos of an account. */
export interface CharacterRecord {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** The videos of all accounts, oldest first, and how often each prompt was taken on. */
export class VideoStore {
  readonly #videos = new Map<string, VideoRecord>();
  readonly #submissions = new Map<string, number>();
  readonly #characters = new Map<string, CharacterRecord>();
  #defaults: VideoFault = {};
  #last = 0;

  constructor(readonly clock: Clock) {}

  add(video: Omit<VideoRecord, 'id' | 'createdAtMs' | 'cancelledAtMs' | 'polls' | 'contentCalls'>): VideoRecord {
    this.#last += 1;
    const record: VideoRecord = {
      ...video,
      id: `video_sim${this.#last.toString(36).padStart(8, '0')}`,
      createdAtMs: this.clock(),
      fault: { ...this.#defaults, ...video.fault },
      cancelledAtMs: undefined,
      polls: 0,
      contentCalls: 0,
    };
    this.#videos.set(record.id, record);
    this.#submissions.set(record.prompt, (this.#submissions.get(record.prompt) ?? 0) + 1);
    for (const oldest of this.#videos.keys()) {
      if (this.#videos.size <= KEPT_VIDEOS) break;
      this.#videos.delete(oldest);
    }
    return record;
  }

  addCharacter(character: Pick<CharacterRecord, 'key' | 'name'>): CharacterRecord {
    this.#last += 1;
    const id = `char_sim${this.#last.toString(36).padStart(8, '0')}`;
    const record = { ...character, id, createdAtMs: this.clock() };
    this.#characters.set(id, record);
    return record;
  }

  character(id: string, key: string): CharacterRecord | undefined {
    const found = this.#characters.get(id);
    return found?.key === key ? found : undefined;
  }

  find(id: string): VideoRecord | undefined {
    return this.#videos.get(id);
  }

  /** Of one account, newest first. */
  listOf(key: string): VideoRecord[] {
    return [...this.#videos.values()].filter((video) => video.key === key).toReversed();
  }

  remove(id: string): void {
    this.#videos.delete(id);
  }

  /** What every video that comes from now on does, unless its prompt says otherwise. */
  setDefaults(defaults: VideoFault): void {
    this.#defaults = defaults;
  }

  clear(): void {
    this.#videos.clear();
    this.#submissions.clear();
    this.#characters.clear();
    this.#defaults = {};
  }

  /** For the control endpoint: counts survive a deletion. */
  show({ prompt = '', limit }: z.infer<typeof videoQuerySchema>): unknown {
    const nowMs = this.clock();
    const matching = [...this.#videos.values()].filter((video) => video.prompt.includes(prompt));
    return {
      defaults: this.#defaults,
      submissions: [...this.#submissions]
        .filter(([submitted]) => submitted.includes(prompt))
        .map(([submitted, accepted]) => ({ prompt: submitted, accepted })),
      characters: [...this.#characters.values()].map(({ key: _key, ...told }) => told),
      videos: matching.slice(Math.max(0, matching.length - limit)).map((video) => ({
        ...video,
        key: `…${video.key.slice(-4)}`,
        stage: stageOf(video, nowMs),
      })),
    };
  }
}
