import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { NamedFile } from '@sluice/contracts/named-file';
import { defineScript } from '@sluice/platform-redis/define-script';
import type { Redis } from '@sluice/platform-redis/redis';

const keepOwn = defineScript<number>({
  name: 'keep-own',
  url: new URL('../lua/keep-own.1.lua', import.meta.url),
  keys: 1,
});

/** Who holds a claim says so thrice in this time; after a death another goes on. */
const CLAIM_MS = 15_000;
/** A request that names a file has to be read before the upstream drops it. */
const MARGIN_MS = 15 * 60_000;
/** Where the upstream does not say how long it keeps files. */
const USUAL_LIFE_MS = 24 * 60 * 60_000;

/** A file, and the project at the upstream that has it or is to have it. */
export interface Placement {
  /** Of the upstream's accounts: those of one share their files. */
  project: string;
  file: Pick<NamedFile, 'sha256' | 'media'>;
}

/** The right to place a file, until it is given back. */
export interface Claim {
  /** Never throws: one that is not given back ends by itself. */
  end(): Promise<void>;
}

/** Where files lie at an upstream, for all workers: by what they hold, since the same film may come again under another name. */
export class PlacedFiles {
  constructor(
    private readonly options: { redis: Redis; prefix: string; clock: Clock; onError(error: unknown): void },
  ) {}

  /** The file's address there. */
  async find(placement: Placement): Promise<string | undefined> {
    return (await this.options.redis.get(this.nameOf(placement)).catch(outOfReach)) ?? undefined;
  }

  /** Never throws: what is not remembered is sent again, and can be named meanwhile. */
  async keep(placement: Placement, { uri, expiresAtMs }: { uri: string; expiresAtMs?: number }): Promise<void> {
    const { redis, clock, onError } = this.options;
    const forMs = (expiresAtMs === undefined ? USUAL_LIFE_MS : expiresAtMs - clock.now()) - MARGIN_MS;
    if (forMs > 0) await redis.set(this.nameOf(placement), uri, 'PX', Math.floor(forMs)).catch(onError);
  }

  /** Not what somebody has put in its place meanwhile. */
  async forget(placement: Placement, uri: string): Promise<void> {
    await keepOwn.run(this.options.redis, [this.nameOf(placement)], [uri, 0]).catch(outOfReach);
  }

  /** Undefined while somebody else places it. */
  async claim(placement: Placement): Promise<Claim | undefined> {
    const { redis, onError } = this.options;
    const key = `${this.nameOf(placement)}:claim`;
    const word = randomUUID();
    if ((await redis.set(key, word, 'PX', CLAIM_MS, 'NX').catch(outOfReach)) === null) return undefined;
    const stopKeeping = this.keepClaimed(key, word);
    return {
      end: async () => {
        stopKeeping();
        await keepOwn.run(redis, [key], [word, 0]).catch(onError);
      },
    };
  }

  private keepClaimed(key: string, word: string): () => void {
    const { redis, clock, onError } = this.options;
    let cancel = () => {};
    const again = () => {
      cancel = clock.after(CLAIM_MS / 3, () => {
        again();
        // One that is lost costs a second upload, and nothing else.
        keepOwn.run(redis, [key], [word, CLAIM_MS]).catch(onError);
      });
    };
    again();
    return () => cancel();
  }

  private nameOf({ project, file }: Placement): string {
    const { sha256, media } = file;
    return `${this.options.prefix}:placed:${project}:${sha256}:${media.mediaType}`;
  }
}

function outOfReach(cause: unknown): never {
  throw new GatewayError('unavailable', 'Which files lie at the upstream is not known now; try again shortly.', {
    saw: 'nothing',
    retryAfterMs: 1_000,
    cause,
  });
}
