import type { DurableInput } from '@sluice/contracts/durable-generation';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { DurableChange } from '@sluice/domain-generations/durable-change';

/** What the files that lie in our store make of their generation's row: its end, and what was used. */
export function successOf(
  { input, progress, facts }: { input: DurableInput; progress: number; facts: JsonObject },
  { files, expiresAtMs }: { files: readonly ResultFile[]; expiresAtMs: number },
): Pick<DurableChange, 'state' | 'progress' | 'files' | 'facts' | 'expiresAtMs' | 'used' | 'parts'> {
  const told = input.kind === 'image' ? { ...facts, ...countsOf(input.request.count ?? 1, files) } : facts;
  const parts: Part[] = [{ type: 'result', files: [...files], facts: told }, { type: 'succeeded' }];
  if (progress < 100) parts.unshift({ type: 'progress', progress: 100 });
  const used = input.kind === 'image' ? resultsIn(files) : facts['durationSeconds'];
  return {
    state: 'succeeded',
    progress: 100,
    files,
    facts: told,
    // A character lives until somebody deletes it, and so does its picture.
    ...(input.kind !== 'character' && { expiresAtMs }),
    ...(typeof used === 'number' && used > 0 && { used }),
    parts,
  };
}

/** What was asked and what came, where that is not the same. */
function countsOf(requested: number, files: readonly ResultFile[]): JsonObject {
  const made = resultsIn(files);
  return made === requested ? {} : { requested, made };
}

function resultsIn(files: readonly ResultFile[]): number {
  return files.filter(({ role }) => role === 'result').length;
}
