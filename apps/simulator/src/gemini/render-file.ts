import { expiryOf, stateOf, type GoogleFile } from './file-store.js';

/** A file as Google tells one. */
export function renderFile(file: GoogleFile, { host, now }: { host: string; now: number }): Record<string, unknown> {
  const { id, displayName, mimeType, bytes, sha256, createdAt } = file;
  const state = stateOf(file, now);
  return {
    name: `files/${id}`,
    ...(displayName !== undefined && { displayName }),
    mimeType,
    sizeBytes: String(bytes),
    createTime: new Date(createdAt).toISOString(),
    updateTime: new Date(createdAt).toISOString(),
    expirationTime: new Date(expiryOf(file)).toISOString(),
    sha256Hash: Buffer.from(sha256).toString('base64'),
    uri: `http://${host}/gemini/v1beta/files/${id}`,
    state,
    ...(state === 'FAILED' && { error: { code: 3, message: 'The file could not be processed.' } }),
    source: 'UPLOADED',
  };
}
