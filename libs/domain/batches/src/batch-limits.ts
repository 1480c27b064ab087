const MEBIBYTE = 1024 * 1024;

/** As OpenAI has them. */
export const MOST_LINES = 50_000;
export const LARGEST_FILE_BYTES = 200 * MEBIBYTE;
export const WINDOW_MS = 24 * 60 * 60_000;
/** A line is read whole; a call over the network could be as large. */
export const LONGEST_LINE_BYTES = 64 * MEBIBYTE;

/** Whoever has a batch or a line holds it so long from each sign of life on. */
export const HOLD_MS = 30_000;
