import { guessDrawing } from '@sluice/manifests/guess-abilities';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';

/** What a model does with a conversation: it answers, or makes something of its last words. */
export type ModelWork = 'chat' | 'video' | 'image' | 'character';

const WORKS = ['chat', 'video', 'image', 'character'] as const satisfies readonly ModelWork[];

/**
 * By the manifest's own list, else by what the upstream can do at all, and only where that leaves a choice by the name.
 * Undefined for an upstream that does none of it.
 */
export function workAt(upstream: UpstreamManifest, model: string): ModelWork | undefined {
  const listed = upstream.models.find(({ id }) => id === model);
  const uses = listed?.uses ?? upstream.unlistedUses ?? upstream.uses;
  const works = WORKS.filter((work) => uses.includes(work));
  const [first] = works;
  if (works.length <= 1 || (listed && first === 'chat')) return first;
  const guess = guessDrawing(model);
  return guess && works.includes(guess) ? guess : first;
}

/** Of several that would do: where one answers, the conversation is answered. */
export function worksTogether(works: readonly (ModelWork | undefined)[]): ModelWork {
  const [first = 'chat'] = works;
  return works.includes('chat') || works.includes(undefined) ? 'chat' : first;
}
