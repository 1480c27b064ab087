import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Length of a key for `seal`, in bytes. */
export const SEAL_KEY_BYTES = 32;

/** What is sealed, with what, and what it belongs to. */
export interface SealInput {
  key: Buffer;
  content: Uint8Array;
  /** Must be the same when it is opened: a record moved to another owner does not open. */
  context: string;
}

/** AES-256-GCM: nonce, tag and ciphertext in one piece. A fresh nonce for each record. */
export function seal({ key, content, context }: SealInput): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Throws where the key or the context is another one, or the record was changed. */
export function unseal({ key, content, context }: SealInput): Buffer {
  const sealed = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
