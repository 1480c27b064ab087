import type { Clock } from '@sluice/contracts/clock';
import type { PartRecord } from '@sluice/contracts/part';
import type { Typing } from '@sluice/domain-settings/chat-options';

/** Records, and when they came. */
interface Arrived {
  records: PartRecord[];
  atMs: number;
}

/**
 * Text in small pieces with small pauses, everything in its order. Nothing is told later than `longestMs` after it came:
 * where the upstream is faster than the typing, the rest comes at once.
 */
export async function* typedTail(
  tail: AsyncIterable<PartRecord[]>,
  { typing, clock, isGone }: { typing: Typing; clock: Clock; isGone(): boolean },
): AsyncGenerator<PartRecord[]> {
  let isFirst = true;
  for await (const { records, atMs } of stamped(tail, clock)) {
    for (const strokes of strokesOf(records, typing)) {
      const isTyped = strokes.some(isText);
      const isLate = clock.now() - atMs >= typing.longestMs;
      if (isTyped && !isFirst && !isLate && !isGone()) await pause(clock, typing.delayMs);
      if (isGone()) return;
      isFirst &&= !isTyped;
      yield strokes;
    }
  }
}

/** What waits while the typing goes on is read all the same, so that it is known since when it waits. */
async function* stamped(tail: AsyncIterable<PartRecord[]>, clock: Clock): AsyncGenerator<Arrived> {
  const iterator = tail[Symbol.asyncIterator]();
  const waiting: Arrived[] = [];
  let wake = () => {};
  let end: { error?: unknown } | undefined;
  const pump = async () => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      waiting.push({ records: value, atMs: clock.now() });
      wake();
    }
  };
  const pumping = pump().then(
    () => (end = {}),
    (error: unknown) => (end = { error }),
  );
  void pumping.then(() => wake());
  for (;;) {
    const next = waiting.shift();
    if (next) yield next;
    else if (end) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  if ('error' in end) throw end.error;
}

/** Each ends with one piece of text. What is no text goes with the piece after it: a failure stays with what came with it. */
function strokesOf(records: readonly PartRecord[], typing: Typing): PartRecord[][] {
  const strokes: PartRecord[][] = [[]];
  for (const piece of records.flatMap((record) => piecesOf(record, typing))) {
    strokes.at(-1)?.push(piece);
    if (isText(piece)) strokes.push([]);
  }
  return strokes.filter(({ length }) => length > 0);
}

function isText({ part }: PartRecord): boolean {
  return part.type === 'text-delta' || part.type === 'reasoning-delta';
}

/** Whole characters as people see them; what carries more than its text stays whole. */
function piecesOf(record: PartRecord, { characters }: Typing): PartRecord[] {
  const { part } = record;
  if ((part.type !== 'text-delta' && part.type !== 'reasoning-delta') || 'logprobs' in part) return [record];
  if (part.text.length <= characters) return [record];
  const graphemes = Array.from(SEGMENTER.segment(part.text), ({ segment }) => segment);
  const pieces: PartRecord[] = [];
  for (let from = 0; from < graphemes.length; from += characters)
    pieces.push({ ...record, part: { ...part, text: graphemes.slice(from, from + characters).join('') } });
  return pieces;
}

const SEGMENTER = new Intl.Segmenter();

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
