/** Which of the old server's models makes a film, and of which shape. */
export interface OldFilm {
  model: string;
  seconds: number;
  isPortrait: boolean;
  isLarge: boolean;
}

const ORIENTATIONS = ['landscape', 'portrait'];

export const OLD_FILMS: readonly OldFilm[] = [
  ...films('sora2', [10, 15, 25]),
  ...films('sora2pro', [10, 15, 25]),
  ...films('sora2pro-hd', [10, 15]),
];
export const OLD_PICTURES = ['gpt-image', 'gpt-image-landscape', 'gpt-image-portrait'];
export const OLD_EXTENSIONS = [10, 15].map((seconds) => ({ model: `sora2-extension-${seconds}s`, seconds }));
export const OLD_ENHANCERS = ['short', 'medium', 'long'].flatMap((level) =>
  [10, 15, 20].map((seconds) => `prompt-enhance-${level}-${seconds}s`),
);
/** Beside them: `avatar-create`, the thirty-first. */
export const OLD_COUNT = OLD_FILMS.length + OLD_PICTURES.length + OLD_EXTENSIONS.length + OLD_ENHANCERS.length + 1;

function films(prefix: string, lengths: readonly number[]): OldFilm[] {
  return ORIENTATIONS.flatMap((orientation) =>
    lengths.map((seconds) => ({
      model: `${prefix}-${orientation}-${seconds}s`,
      seconds,
      isPortrait: orientation === 'portrait',
      isLarge: prefix.includes('hd'),
    })),
  );
}
