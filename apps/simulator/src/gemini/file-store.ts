import { createHash, randomBytes, type Hash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.js';

export const fileRuleSchema = z.strictObject({
  /** Files that come with this key. */
  key: z.string().min(1),
  /** How long a film is prepared. */
  processingMs: z.number().int().min(0).optional(),
  failsProcessing: z.boolean().optional(),
  /** The connection is cut after so many bytes of an upload, once. */
  cutAfterBytes: z.number().int().min(0).optional(),
  /** All that the key's project has is gone, though it was to be kept for longer. */
  drop: z.literal(true).optional(),
});
export type FileRule = z.infer<typeof fileRuleSchema>;

/** An upload under way: of what came only the digest is kept. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly displayName: string | undefined;
  readonly hash: Hash;
  received: number;
  file: GoogleFile | undefined;
}

export interface GoogleFile {
  readonly id: string;
  readonly key: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly displayName: string | undefined;
  readonly sha256: string;
  readonly createdAt: number;
  readonly readyAt: number;
  readonly isBroken: boolean;
}

const LIFE_MS = 48 * 60 * 60_000;
/** Only films are taken apart. */
const PROCESSING_MS = 200;

/** Files of Google's projects. */
export class FileStore {
  readonly #uploads = new Map<string, Upload>();
  readonly #files = new Map<string, GoogleFile>();
  readonly #rules = new Map<string, FileRule>();

  constructor(readonly clock: Clock) {}

  declare(rule: FileRule): void {
    this.#rules.set(rule.key, { ...this.#rules.get(rule.key), ...rule });
    if (rule.drop) for (const [id, { key }] of this.#files) if (key === rule.key) this.#files.delete(id);
  }

  begin(upload: Pick<Upload, 'key' | 'mimeType' | 'bytes' | 'displayName'>): Upload {
    const begun = { ...upload, id: randomBytes(16).toString('hex'), hash: createHash('sha256'), received: 0 };
    const made: Upload = { ...begun, file: undefined };
    this.#uploads.set(made.id, made);
    return made;
  }

  upload(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  cancel(id: string): void {
    this.#uploads.delete(id);
  }

  /** How much of an upload is let through before its connection is cut; told once. */
  takeCut(key: string): number | undefined {
    const rule = this.#rules.get(key);
    if (rule?.cutAfterBytes === undefined) return undefined;
    const { cutAfterBytes, ...others } = rule;
    this.#rules.set(key, others);
    return cutAfterBytes;
  }

  finish(upload: Upload): GoogleFile {
    const { key, mimeType, bytes, displayName, hash } = upload;
    const { processingMs = PROCESSING_MS, failsProcessing = false } = this.#rules.get(key) ?? {};
    const now = this.clock();
    upload.file = {
      id: randomBytes(6).toString('hex'),
      key,
      mimeType,
      bytes,
      displayName,
      sha256: hash.digest('hex'),
      createdAt: now,
      readyAt: mimeType.startsWith('video/') ? now + processingMs : now,
      isBroken: failsProcessing,
    };
    this.#files.set(upload.file.id, upload.file);
    return upload.file;
  }

  find(id: string): GoogleFile | undefined {
    const file = this.#files.get(id);
    return file && this.clock() < expiryOf(file) ? file : undefined;
  }

  delete(id: string): void {
    this.#files.delete(id);
  }

  all(): GoogleFile[] {
    return [...this.#files.values()].filter((file) => this.clock() < expiryOf(file));
  }

  clear(): void {
    this.#uploads.clear();
    this.#files.clear();
    this.#rules.clear();
  }
}

export function stateOf({ readyAt, isBroken }: GoogleFile, now: number): 'PROCESSING' | 'ACTIVE' | 'FAILED' {
  if (now < readyAt) return 'PROCESSING';
  return isBroken ? 'FAILED' : 'ACTIVE';
}

export function expiryOf({ createdAt }: GoogleFile): number {
  return createdAt + LIFE_MS;
}
