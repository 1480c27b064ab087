import type { Lease } from '@sluice/contracts/credential';
import type { DurablePart } from '@sluice/contracts/durable-part';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import { isFinal } from '@sluice/contracts/durable-generation';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { HeldFile, UpstreamFile } from '@sluice/upstream-kit/job';
import type { DurableDeps } from './durable-deps.js';
import type { DurableJobKind } from './durable-job.js';
import { fetchFile } from './fetch-file.js';
import { storeBytes, storeFile } from './store-file.js';

export interface Preview {
  id: string;
  kind: DurableJobKind;
  attempt: number;
  file: HeldFile | UpstreamFile;
  index: number;
  lease: Lease;
  baseUrl: string;
  upstream: string;
  signal: AbortSignal;
}

/** A preview that comes slowly is not waited for: the next one, or the work itself, is worth more. */
const FETCH_TIMEOUT_MS = 10_000;
const LARGEST_BYTES = 32 * 1024 * 1024;
/** How long previews outlive the end, at most twice: whoever follows the log may be a moment behind. */
const TIDY_AFTER_MS = 10 * 60_000;

/** Stores a preview and tells the part that names it; undefined for one that cannot be had, which fails nothing. */
export async function keepPreview<Credential>(
  deps: DurableDeps<Credential>,
  preview: Preview,
): Promise<Extract<DurablePart, { type: 'partial' }> | undefined> {
  const { id, attempt, index, upstream } = preview;
  try {
    const prefix = `${prefixOf(id)}${attempt}-${index}-`;
    const number = await countFiles(deps, prefix);
    const { media } = await store(deps, preview, prefix + number);
    if (number === 0 && index === 0)
      await deps.bell.ringFor({ upstream, generationId: id, delayMs: TIDY_AFTER_MS }, 'tidy');
    return { type: 'partial', index, number, media };
  } catch (error) {
    deps.onUnexpected(error, id);
    return undefined;
  }
}

/** Deletes the previews of what has ended, or is gone. */
export async function tidyPreviews<Credential>(
  { media, clock }: Pick<DurableDeps<Credential>, 'media' | 'clock'>,
  { id, step }: { id: string; step: DurableStep | undefined },
): Promise<JobOutcome> {
  if (step && !isFinal(step.state)) return { type: 'put-back', delayUntilMs: clock.now() + TIDY_AFTER_MS };
  const keys: string[] = [];
  for await (const { key } of media.list(prefixOf(id))) keys.push(key);
  for (const key of keys) await media.delete(key);
  return { type: 'done' };
}

async function store<Credential>(deps: DurableDeps<Credential>, preview: Preview, key: string) {
  const { media } = deps;
  const { file, lease, baseUrl, kind, signal } = preview;
  const where = { media, kind: 'image', key, largestBytes: LARGEST_BYTES } as const;
  if ('bytes' in file) return storeBytes({ ...where, bytes: file.bytes });
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]);
  const response = await fetchFile(deps, { file, lease, baseUrl, kind, signal: bounded });
  return storeFile({ ...where, response });
}

async function countFiles({ media }: Pick<DurableDeps<unknown>, 'media'>, prefix: string): Promise<number> {
  let count = 0;
  for await (const _file of media.list(prefix)) count += 1;
  return count;
}

function prefixOf(id: string): string {
  return `generations/${id}/partial-`;
}
