import type { Clock } from '@sluice/contracts/clock';
import { committedTail } from './committed-tail.js';
import type { DecodedCall } from './dialect-endpoint.js';
import type { Told } from './told.js';
import { toldSources } from './told-sources.js';
import { toldThoughts } from './told-thoughts.js';
import { typedTail } from './typed-tail.js';

/** The answer as it is told: what is added is kept as well, and slow typing keeps nothing back. */
export function toldAs(
  call: DecodedCall,
  { submitted, clock, isGone }: { submitted: Told; clock: Clock; isGone(): boolean },
): Told {
  const { showsSources = false, typing, thoughts = 'reasoning' } = call.telling ?? {};
  const added = showsSources ? { ...submitted, tail: toldSources(submitted.tail) } : submitted;
  const kept = call.beforeEnd ? { ...added, tail: committedTail({ call, submitted: added, isGone }) } : added;
  // What is kept of an answer has its thoughts apart, whoever reads them where.
  const isMoved = thoughts !== 'reasoning' && call.dialect === 'openai-chat';
  const moved = isMoved ? { ...kept, tail: toldThoughts(kept.tail, thoughts) } : kept;
  if (!typing || !call.isStreamed || call.bytes) return moved;
  return { ...moved, tail: typedTail(moved.tail, { typing, clock, isGone }) };
}
