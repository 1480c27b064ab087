/**
 * What old clients read: they look for a bold heading and a number with a percent sign. A client that reads the text of
 * the answer looks for one word more before the number.
 */
export interface ProgressWords {
  begin(call: { name: string; pictures: number }): string;
  progress(percent: number): string;
  waiting(place: { position: number; etaSeconds: number | undefined }): string;
  /** Nothing new since the last word. */
  still(last: { percent: number; elapsedSeconds: number }): string;
  again(attempt: number): string;
  done(): string;
}

/** `isText`: they stand in the answer itself. */
export function progressWords(kind: 'video' | 'image', { isText }: { isText: boolean }): ProgressWords {
  const more = isText ? (percent: number) => `进度: ${percent}%` : () => '';
  return kind === 'video' ? videoWords(more) : imageWords(more);
}

const SHARED = {
  begin: ({ name, pictures }: { name: string; pictures: number }) =>
    `${pictures > 0 ? `**Image Upload Begins**\n\n${pictures} taken in.\n` : ''}**Generation Process Begins**\n\n${name}\n`,
  again: (attempt: number) => `\n**Trying Again**\n\nAttempt ${attempt}.\n`,
};

function videoWords(more: (percent: number) => string): ProgressWords {
  const line = (percent: number, state: string) =>
    `\n**Video Generation Progress**: ${percent}% ${inBrackets([state, more(percent)])}\n`;
  return {
    ...SHARED,
    progress: (percent) => line(percent, 'running'),
    waiting: (place) => line(0, `queued, ${placeWords(place)}`),
    still: ({ percent }) => line(percent, 'running'),
    done: () => '**Video Generation Completed**\n\n',
  };
}

function imageWords(more: (percent: number) => string): ProgressWords {
  const line = (percent: number, state = '') =>
    `**Processing**\n\nGeneration in progress: ${percent}% completed...${inBrackets([state, more(percent)])}\n`;
  return {
    ...SHARED,
    progress: (percent) => line(percent),
    waiting: (place) => line(0, `queued, ${placeWords(place)}`),
    still: ({ elapsedSeconds }) => `Image generation in progress... (${elapsedSeconds}s elapsed)\n`,
    done: () => '**Image Generation Completed**\n\n',
  };
}

function inBrackets(words: readonly string[]): string {
  const said = words.filter((word) => word !== '');
  return said.length === 0 ? '' : `(${said.join(', ')})`;
}

function placeWords({ position, etaSeconds }: { position: number; etaSeconds: number | undefined }): string {
  return etaSeconds === undefined ? `${position} ahead` : `${position} ahead, about ${etaSeconds} s`;
}
