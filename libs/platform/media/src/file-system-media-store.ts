import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { MediaInfo, MediaStore } from '@sluice/contracts/media-store';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { keySegments } from './media-key.js';
import { pourFile } from './pour-file.js';
import { writeMeasured } from './write-measured.js';

const infoSchema = z.object({
  key: z.string(),
  bytes: z.int(),
  mediaType: z.string(),
  sha256: z.string(),
  createdAtMs: z.number(),
}) satisfies z.ZodType<MediaInfo>;

const INFO_SUFFIX = '.json';
/** Large pieces: a film costs few trips through the event loop. */
const READ_BYTES = 512 * 1024;

/**
 * Objects as files: `objects/<key>` holds the bytes, `info/<key>.json` what is told of them. An object exists when
 * its info does, which is written last and removed first, each by one rename.
 */
export function createFileSystemMediaStore({
  root,
  clock = systemClock,
}: {
  root: string;
  clock?: Pick<Clock, 'now'>;
}): MediaStore {
  return new FileSystemMediaStore(resolve(root), clock);
}

class FileSystemMediaStore implements MediaStore {
  #nextTemporary = 0;

  constructor(
    private readonly root: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async put(input: Parameters<MediaStore['put']>[0]): Promise<MediaInfo> {
    const { key, mediaType, body, maximumBytes } = input;
    const target = this.#objectPath(key);
    const temporary = await this.#temporaryPath();
    try {
      const measured = await writeMeasured({ path: temporary, body, maximumBytes });
      const info: MediaInfo = { key, mediaType, createdAtMs: this.clock.now(), ...measured };
      await mkdir(dirname(target), { recursive: true });
      await rename(temporary, target);
      await this.#writeInfo(info);
      return info;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async get(key: string, range?: { start: number; end: number }): ReturnType<MediaStore['get']> {
    const info = await this.head(key);
    if (!info) return undefined;
    const path = this.#objectPath(key);
    return {
      info,
      get body() {
        return createReadStream(path, { ...range, highWaterMark: READ_BYTES });
      },
      pour: (to) => pourFile(path, range ?? { start: 0, end: info.bytes - 1 }, to),
    };
  }

  async head(key: string): Promise<MediaInfo | undefined> {
    return this.#readInfo(this.#infoPath(key));
  }

  async delete(key: string): Promise<boolean> {
    const isThere = await remove(this.#infoPath(key));
    await remove(this.#objectPath(key));
    return isThere;
  }

  async *list(prefix: string): AsyncGenerator<MediaInfo> {
    const folder = join(this.root, 'info');
    for await (const path of walk(folder)) {
      const key = relative(folder, path).split(sep).join('/').slice(0, -INFO_SUFFIX.length);
      const info = key.startsWith(prefix) ? await this.#readInfo(path) : undefined;
      if (info) yield info;
    }
  }

  /** Times of files are the machine's, whatever clock the store was given. */
  async tidy(beforeMs: number): Promise<void> {
    for await (const path of walk(join(this.root, 'temporary'))) {
      const found = await stat(path).catch(absent);
      if (found && found.mtimeMs < beforeMs) await rm(path, { force: true });
    }
  }

  #objectPath(key: string): string {
    return join(this.root, 'objects', ...keySegments(key));
  }

  #infoPath(key: string): string {
    return join(this.root, 'info', ...keySegments(key)) + INFO_SUFFIX;
  }

  async #temporaryPath(): Promise<string> {
    const folder = join(this.root, 'temporary');
    await mkdir(folder, { recursive: true });
    return join(folder, `${process.pid}-${Date.now()}-${this.#nextTemporary++}`);
  }

  async #writeInfo(info: MediaInfo): Promise<void> {
    const path = this.#infoPath(info.key);
    const temporary = await this.#temporaryPath();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, JSON.stringify(info), { flush: true });
    await rename(temporary, path);
  }

  async #readInfo(path: string): Promise<MediaInfo | undefined> {
    const text = await readFile(path, 'utf8').catch(absent);
    return text === undefined ? undefined : infoSchema.parse(JSON.parse(text));
  }
}

async function remove(path: string): Promise<boolean> {
  if (!(await stat(path).catch(absent))) return false;
  await rm(path, { force: true });
  return true;
}

async function* walk(folder: string): AsyncGenerator<string> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? [];
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
