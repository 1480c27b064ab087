import type { JsonObject } from '@sluice/contracts/json';

/** A file of ours as Google's Files API tells one. */
export interface ShownFile {
  /** 32 digits. */
  id: string;
  displayName?: string;
  mediaType: string;
  bytes: number;
  /** Hexadecimal. */
  sha256?: string;
  createdAtMs: number;
  expiresAtMs?: number;
  source: 'UPLOADED' | 'GENERATED';
  /** Where it can be named, and by whoever made it also fetched. */
  uri: string;
}

export function encodeFile(file: ShownFile): JsonObject {
  const { id, displayName, mediaType, bytes, sha256, createdAtMs, expiresAtMs, source, uri } = file;
  const created = new Date(createdAtMs).toISOString();
  return {
    name: `files/${id}`,
    ...(displayName !== undefined && { displayName }),
    mimeType: mediaType,
    sizeBytes: String(bytes),
    createTime: created,
    updateTime: created,
    ...(expiresAtMs !== undefined && { expirationTime: new Date(expiresAtMs).toISOString() }),
    // Google's digest is the hexadecimal text in base64.
    ...(sha256 !== undefined && { sha256Hash: Buffer.from(sha256).toString('base64') }),
    uri,
    ...(source === 'GENERATED' && { downloadUri: uri }),
    state: 'ACTIVE',
    source,
  };
}
