/** One promise in figures, and whether it was kept. */
export interface BenchLine {
  title: string;
  figures: string;
  isMet: boolean;
}

/** A promise that was not kept makes the run fail. */
export function printLines(lines: readonly BenchLine[], print: (line: string) => void): void {
  for (const { title, figures, isMet } of lines) print(`${isMet ? 'met   ' : 'missed'}  ${title}: ${figures}`);
  if (lines.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
