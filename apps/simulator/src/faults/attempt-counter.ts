/** Counts requests that say the same, so that a fault can spare the later ones. */
export class AttemptCounter {
  readonly #attempts = new Map<string, number>();

  /** Returns 1 for the first request. */
  next(path: string, prompt: string): number {
    const id = `${path}\n${prompt}`;
    const attempt = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempt);
    return attempt;
  }

  clear(): void {
    this.#attempts.clear();
  }
}
