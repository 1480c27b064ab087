import { isTerminal, type Part, type PartRecord } from '@sluice/contracts/part';
import type { DecodedCall } from './dialect-endpoint.js';
import { ranWith } from './generation-headers.js';
import type { Told } from './told.js';

const BROKEN: Part = { type: 'failed', error: { code: 'upstream_interrupted', message: 'The answer broke off.' } };
const LEFT: Part = { type: 'cancelled', reason: 'The client left.' };

/** A call's parts as they come, except that the terminal one waits until `beforeEnd` has kept what it must. */
export async function* committedTail(options: {
  call: DecodedCall;
  submitted: Told;
  isGone(): boolean;
}): AsyncGenerator<PartRecord[]> {
  const { call, submitted, isGone } = options;
  const { generation, tail } = submitted;
  const seen: PartRecord[] = [];
  const commit = async (end?: Part) => {
    const parts = seen.map(({ part }) => part);
    if (end) parts.push(end);
    const { model } = ranWith(seen, generation);
    await call.beforeEnd?.(parts, { generationId: generation.id, createdAtMs: generation.createdAtMs, model });
  };
  let isEnding = false;
  try {
    for await (const records of tail) {
      seen.push(...records);
      const last = records.at(-1);
      if (!last || !isTerminal(last.part)) {
        yield records;
        continue;
      }
      // A failure stays with what came with it: alone, it can still become a status.
      const isSplit = last.part.type === 'succeeded' && records.length > 1;
      if (isSplit) yield records.slice(0, -1);
      isEnding = true;
      await commit();
      yield isSplit ? [last] : records;
      return;
    }
  } catch (error) {
    if (!isEnding) await commit(isGone() ? LEFT : BROKEN);
    throw error;
  }
  await commit(isGone() ? LEFT : BROKEN);
}
