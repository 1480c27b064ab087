import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { ReceivedPicture } from './read-image-request.js';

const keptLinks = 10_000;

export const imageQuerySchema = z.strictObject({
  /** Any part of the prompt. */
  prompt: z.string().optional(),
});

interface LinkedImage {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly expiresAtMs: number;
}

interface Submission {
  accepted: number;
  made: number;
  pictures: readonly ReceivedPicture[];
}

/** How often each prompt was taken on, and paid, and the files that links lead to. */
export class ImageStore {
  readonly #links = new Map<string, LinkedImage>();
  readonly #submissions = new Map<string, Submission>();
  #last = 0;

  constructor(readonly clock: Clock) {}

  take(prompt: string, { count, pictures }: { count: number; pictures: readonly ReceivedPicture[] }): void {
    const before = this.#submissions.get(prompt) ?? { accepted: 0, made: 0 };
    this.#submissions.set(prompt, { accepted: before.accepted + 1, made: before.made + count, pictures });
  }

  /** Answers the name under which it can be fetched. */
  link(image: LinkedImage): string {
    this.#last += 1;
    const id = `image_sim${this.#last.toString(36).padStart(6, '0')}`;
    this.#links.set(id, image);
    for (const oldest of this.#links.keys()) {
      if (this.#links.size <= keptLinks) break;
      this.#links.delete(oldest);
    }
    return id;
  }

  /** Undefined once the link has died. */
  find(id: string): LinkedImage | undefined {
    const image = this.#links.get(id);
    return image !== undefined && image.expiresAtMs > this.clock() ? image : undefined;
  }

  clear(): void {
    this.#links.clear();
    this.#submissions.clear();
  }

  /** For the control endpoint. */
  show({ prompt = '' }: z.infer<typeof imageQuerySchema>): unknown {
    const submissions = [...this.#submissions]
      .filter(([submitted]) => submitted.includes(prompt))
      .map(([submitted, submission]) => ({ prompt: submitted, ...submission }));
    return { submissions };
  }
}
