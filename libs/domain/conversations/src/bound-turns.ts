import type { ConversationLimits } from './conversation-limits.js';
import type { Turn } from './turn.js';

/** The newest turns that fit. A turn with the results of calls that do not fit goes, too. */
export function boundTurns(turns: readonly Turn[], { maxTurns, maxBytes }: ConversationLimits): Turn[] {
  let first = turns.length;
  for (let bytes = 0; first > 0 && turns.length - first < maxTurns; first -= 1) {
    bytes += turns[first - 1]?.bytes ?? 0;
    if (bytes > maxBytes) break;
  }
  while (first > 0 && first < turns.length && beginsWithResults(turns[first])) first += 1;
  return turns.slice(first);
}

function beginsWithResults(turn: Turn | undefined): boolean {
  return turn?.messages[0]?.role === 'tool';
}
