import type { ClientFile } from '@sluice/contracts/client-file';
import type { JsonObject } from '@sluice/contracts/json';

/** A file is whole before it is told of: there is nothing left to process. */
export function encodeFile({ id, media, createdAtMs, expiresAtMs, filename, purpose }: ClientFile): JsonObject {
  return {
    id,
    object: 'file',
    bytes: media.bytes,
    created_at: seconds(createdAtMs),
    ...(expiresAtMs !== undefined && { expires_at: seconds(expiresAtMs) }),
    filename,
    purpose,
    status: 'processed',
  };
}

export function encodeFileList(files: readonly ClientFile[], page: { hasMore: boolean }): JsonObject {
  return {
    object: 'list',
    data: files.map(encodeFile),
    first_id: files[0]?.id ?? null,
    last_id: files.at(-1)?.id ?? null,
    has_more: page.hasMore,
  };
}

export function encodeDeleted(id: string): JsonObject {
  return { id, object: 'file', deleted: true };
}

function seconds(atMs: number): number {
  return Math.floor(atMs / 1000);
}
