/**
 * What old clients read: they look for a bold heading and a number with a percent sign. A client that reads the text of
 * the answer looks for one word more before the number.
 */
export interface ProgressWords {
  begin(call: { name: string; pictures: number; isStoryboard?: boolean }): string;
  progress(percent: number): string;
  waiting(place: { position: number; etaSeconds: number | undefined }): string;
  /** Nothing new since the last word. */
  still(last: { percent: number; elapsedSeconds: number }): string;
  again(attempt: number): string;
  /** `made` says who made it, and how long and large it is. */
  done(made: string): string;
  refused(why: string): string;
}

/** `isText`: they stand in the answer itself. */
export function progressWords(kind: 'video' | 'image' | 'character', { isText }: { isText: boolean }): ProgressWords {
  const more = isText ? (percent: number) => `进度: ${percent}%` : () => '';
  return WORDS[kind](more);
}

type More = (percent: number) => string;
const WORDS = { video: videoWords, image: imageWords, character: characterWords } as const;

const SHARED = {
  begin: ({ name, pictures, isStoryboard = false }: Parameters<ProgressWords['begin']>[0]) =>
    [
      pictures > 0 && '**Image Upload Begins**\n\nUploading image to server...\n',
      pictures > 0 && 'Image uploaded successfully. Proceeding to generation...\n',
      '**Generation Process Begins**\n\nInitializing generation request...\n',
      `${name}\n`,
      isStoryboard && 'Detected storyboard format. Converting to storyboard API format...\n',
    ]
      .filter((line) => line !== false)
      .join(''),
  refused: (why: string) => `**Content Policy Violation**\n\n${why}\n`,
  again: (attempt: number) => `\n**Trying Again**\n\nAttempt ${attempt}.\n`,
};

function videoWords(more: More): ProgressWords {
  const line = (percent: number, state: string) =>
    `\n**Video Generation Progress**: ${percent}% ${inBrackets([state, more(percent)])}\n`;
  return {
    ...SHARED,
    progress: (percent) => line(percent, 'running'),
    waiting: (place) => line(0, `queued, ${placeWords(place)}`),
    still: ({ percent }) => line(percent, 'running'),
    done: (made) => `**Video Generation Completed**\n\n${keptWords(made)}`,
  };
}

function imageWords(more: More): ProgressWords {
  const line = (percent: number, state = '') =>
    `**Processing**\n\nGeneration in progress: ${percent}% completed...${inBrackets([state, more(percent)])}\n`;
  return {
    ...SHARED,
    progress: (percent) => line(percent),
    waiting: (place) => line(0, `queued, ${placeWords(place)}`),
    still: ({ elapsedSeconds }) => `Image generation in progress... (${elapsedSeconds}s elapsed)\n`,
    done: (made) => `**Image Generation Completed**\n\n${keptWords(made)}`,
  };
}

function characterWords(more: More): ProgressWords {
  const line = (percent: number, state: string) =>
    `\n**Character Creation Progress**: ${percent}% ${inBrackets([state, more(percent)])}\n`;
  return {
    ...SHARED,
    begin: ({ name }) => `**Character Creation Begins**\n\nInitializing character creation...\n${name}\n`,
    progress: (percent) => line(percent, 'running'),
    waiting: (place) => line(0, `queued, ${placeWords(place)}`),
    still: ({ percent }) => line(percent, 'running'),
    done: (made) => `**Character Creation Completed**\n\n${keptWords(made)}`,
  };
}

function keptWords(made: string): string {
  return made === '' ? 'Kept here.\n' : `Kept here. Made by ${made}.\n`;
}

function inBrackets(words: readonly string[]): string {
  const said = words.filter((word) => word !== '');
  return said.length === 0 ? '' : `(${said.join(', ')})`;
}

function placeWords({ position, etaSeconds }: { position: number; etaSeconds: number | undefined }): string {
  return etaSeconds === undefined ? `${position} ahead` : `${position} ahead, about ${etaSeconds} s`;
}
