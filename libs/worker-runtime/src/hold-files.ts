import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { HeldFile, MadeFile, UpstreamFile } from '@sluice/upstream-kit/job';
import type { DurableDeps } from './durable-deps.js';
import type { DurableJobKind } from './durable-job.js';
import { insist, SAVE_FOR_MS } from './insist.js';
import { storeBytes } from './store-file.js';

/** A file of an answer that lies in our store already, as it waits for the others to be fetched. */
export interface StoredFile {
  role: ResultFile['role'];
  stored: ResultFile;
}

export type FileToCollect = UpstreamFile | StoredFile;

export interface Held {
  files: FileToCollect[];
  facts: JsonObject;
  /** Why a file was left out. */
  error: GatewayError | undefined;
}

/** Stores what came with an answer. What is no picture at all is left out, and told; it is never padded. */
export async function holdFiles<Credential>(
  deps: Pick<DurableDeps<Credential>, 'media' | 'timing' | 'clock'>,
  work: { key: string; kind: DurableJobKind; files: readonly MadeFile[]; facts: JsonObject },
): Promise<Held> {
  const held: Held = { files: [], facts: work.facts, error: undefined };
  const lost = new Set<number>();
  let place = 0;
  for (const file of work.files) {
    if (file.role === 'partial') continue;
    // By its place among what is kept: so are those named that are fetched later, and none takes another's name.
    const kept = 'bytes' in file ? await hold(deps, { ...work, file, key: `${work.key}-${held.files.length}` }) : file;
    if (kept instanceof GatewayError) {
      held.error = kept;
      if (file.role === 'result') lost.add(place);
    } else held.files.push(kept);
    if (file.role === 'result') place += 1;
  }
  held.facts = withoutLost(work.facts, lost);
  return held;
}

/** Prompts are told by picture: without those whose picture is not there, by its place among the others. */
export function withoutLost(facts: JsonObject, lost: ReadonlySet<number>): JsonObject {
  const { revisedPrompts } = facts;
  if (lost.size === 0 || !Array.isArray(revisedPrompts)) return facts;
  return { ...facts, revisedPrompts: revisedPrompts.filter((_prompt, index) => !lost.has(index)) };
}

/** The vendor's fault is told; our own store is waited for, since what the bytes are worth is paid. */
async function hold<Credential>(
  { media, timing, clock }: Pick<DurableDeps<Credential>, 'media' | 'timing' | 'clock'>,
  { file, key, kind }: { file: HeldFile; key: string; kind: DurableJobKind },
): Promise<StoredFile | GatewayError> {
  const role = file.role === 'thumbnail' ? 'thumbnail' : 'result';
  const options = {
    media,
    kind: role === 'thumbnail' ? 'image' : kind,
    key,
    largestBytes: timing.largestFileBytes,
    bytes: file.bytes,
  } as const;
  const isVendors = (error: unknown) =>
    error instanceof GatewayError && (error.code === 'upstream_bad_answer' || error.code === 'too_large');
  try {
    const kept = await insist(() => storeBytes(options), { forMs: SAVE_FOR_MS, clock, isFinal: isVendors });
    return { role, stored: { role, ...kept } };
  } catch (error) {
    if (error instanceof GatewayError && isVendors(error)) return error;
    throw error;
  }
}
