/** What the website asks to be found: a number of attempts whose hash lies below the difficulty. */
export interface Puzzle {
  /** Decimal digits, as text. */
  seed: string;
  /** Hexadecimal, of an even length. */
  difficulty: string;
}

/** Who answers puzzles: threads of this process, or whoever else can. */
export interface ProofOfWork {
  /** The solution in base64; undefined where none was found within the bound. */
  solve(puzzle: Puzzle, signal: AbortSignal): Promise<string | undefined>;
}

/** After so many attempts a puzzle is given up. */
export const MOST_ATTEMPTS = 500_000;
