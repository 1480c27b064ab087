/**
 * An answer that is expected as a whole: its parts are there in one step then, where an iterable makes promises for each.
 * To whoever does not know of that it is an iterable like all others. Nothing is asked before it is read.
 */
export class WholeAnswer<Part> implements AsyncIterable<Part> {
  /** `read` gives an iterable where the answer comes in pieces after all. */
  constructor(readonly read: () => Promise<readonly Part[] | AsyncIterable<Part>>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Part, void, undefined> {
    yield* await this.read();
  }
}

/** Takes each part of an answer, the whole of it at once where it comes so. */
export async function takeParts<Part>(answer: AsyncIterable<Part>, take: (part: Part) => void): Promise<void> {
  const parts = isWhole(answer) ? await answer.read() : answer;
  if (Symbol.iterator in parts) for (const part of parts) take(part);
  else for await (const part of parts) take(part);
}

/** The same answer with other parts. */
export function changeParts<Part>(answer: AsyncIterable<Part>, change: (part: Part) => Part): AsyncIterable<Part> {
  if (!isWhole(answer)) return changed(answer, change);
  return new WholeAnswer(async () => {
    const parts = await answer.read();
    return Symbol.iterator in parts ? parts.map(change) : changed(parts, change);
  });
}

async function* changed<Part>(
  parts: AsyncIterable<Part>,
  change: (part: Part) => Part,
): AsyncGenerator<Part, void, undefined> {
  for await (const part of parts) yield change(part);
}

function isWhole<Part>(answer: AsyncIterable<Part>): answer is WholeAnswer<Part> {
  return answer instanceof WholeAnswer;
}
