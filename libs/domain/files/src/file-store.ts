import type { ClientFile, FilePurpose } from '@sluice/contracts/client-file';
import { clientFileTimeMs, createClientFileId } from '@sluice/contracts/client-file-id';
import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import * as statements from './file-statements.js';

export interface NewFile {
  ownerKeyId: string;
  purpose: FilePurpose;
  /** Already in the media store; it belongs to the file from now on. */
  media: StoredMedia;
  filename: string;
  /** Of a file that may be told of twice: the first one stands. */
  id?: string;
  /** After its creation; without one it is kept until it is deleted. */
  expiresAfterMs?: number | undefined;
}

export interface FilePage {
  ownerKeyId: string;
  purpose?: FilePurpose | undefined;
  /** Goes on after this one, in the order asked for. */
  after?: string | undefined;
  order: 'newest' | 'oldest';
  /** One more than this is answered where there are more. */
  limit: number;
}

export interface FileStoreOptions {
  postgres: Queryable;
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
  /** What the files of one owner may take together. */
  maximumBytes: number;
}

/** Every insertion counts the owner's files. */
const MOST_FILES = 100_000;

/** Files that clients keep with us. Another's file is as unknown as none, and so is one that has expired. */
export class FileStore {
  constructor(private readonly options: FileStoreOptions) {}

  /** Throws `quota_exhausted` where the owner has as much as one may have. */
  async insert({ ownerKeyId, purpose, media, filename, expiresAfterMs, ...given }: NewFile): Promise<ClientFile> {
    const { postgres, clock, maximumBytes } = this.options;
    const id = given.id ?? createClientFileId(clock.now());
    // An id is a cursor too: the time that it tells is the file's.
    const createdAtMs = clientFileTimeMs(id) ?? clock.now();
    const expiresAtMs = expiresAfterMs === undefined ? undefined : createdAtMs + expiresAfterMs;
    const row = await statements.insertClientFile.first(
      postgres,
      id,
      ownerKeyId,
      purpose,
      storable(filename),
      media.key,
      media.mediaType,
      media.bytes,
      new Date(createdAtMs),
      expiresAtMs === undefined ? null : new Date(expiresAtMs),
      maximumBytes,
      MOST_FILES,
    );
    if (!row) {
      const first = given.id === undefined ? undefined : await this.find(id, ownerKeyId);
      if (first) return first;
      throw tooMany(maximumBytes);
    }
    const times = { createdAtMs, ...(expiresAtMs !== undefined && { expiresAtMs }) };
    return { id, ownerKeyId, purpose, filename: storable(filename), media, ...times };
  }

  async find(id: string, ownerKeyId: string): Promise<ClientFile | undefined> {
    if (clientFileTimeMs(id) === undefined) return undefined;
    const row = await statements.findClientFile.first(this.options.postgres, id, ownerKeyId, this.now());
    return row && toClientFile(row);
  }

  /** Undefined for a cursor that is no file's id. */
  async list({ ownerKeyId, purpose, after, order, limit }: FilePage): Promise<ClientFile[] | undefined> {
    const afterMs = after === undefined ? undefined : clientFileTimeMs(after);
    if (after !== undefined && afterMs === undefined) return undefined;
    const statement = order === 'newest' ? statements.listClientFilesNewest : statements.listClientFilesOldest;
    const rows = await statement.all(
      this.options.postgres,
      ownerKeyId,
      this.now(),
      purpose ?? null,
      afterMs === undefined ? null : new Date(afterMs),
      after ?? null,
      limit + 1,
    );
    return rows.map(toClientFile);
  }

  /** True when something was there. What it holds goes first: while that is left, the row still says where. */
  async remove(id: string, ownerKeyId: string): Promise<boolean> {
    const file = await this.find(id, ownerKeyId);
    if (!file) return false;
    await this.options.media.delete(file.media.key);
    return (await statements.removeClientFile.run(this.options.postgres, id, ownerKeyId)) > 0;
  }

  private now(): Date {
    return new Date(this.options.clock.now());
  }
}

function toClientFile(row: statements.ClientFileRow): ClientFile {
  const { id, filename, expires_at: expiresAt } = row;
  return {
    id,
    ownerKeyId: row.owner_key_id,
    purpose: row.purpose as FilePurpose,
    filename,
    media: { key: row.media_key, mediaType: row.media_type, bytes: Number(row.bytes), filename },
    createdAtMs: row.created_at.getTime(),
    ...(expiresAt && { expiresAtMs: expiresAt.getTime() }),
  };
}

/** Postgres keeps no NUL, and half of a surrogate pair in no text. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '')).toString();
}

function tooMany(maximumBytes: number): GatewayError {
  const text = `Your files take as much as they may: ${maximumBytes} bytes, or ${MOST_FILES} files. Delete some first.`;
  return new GatewayError('quota_exhausted', text, { param: 'file' });
}
