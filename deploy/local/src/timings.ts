export interface Phase {
  readonly name: string;
  readonly durationMs: number;
}

/** Where the time of a start goes. Phases may overlap. */
export class Timings {
  readonly #phases: Phase[];

  constructor(
    private readonly startedAtMs: number,
    phases: readonly Phase[] = [],
  ) {
    this.#phases = [...phases];
  }

  async measure<T>(name: string, work: () => Promise<T>): Promise<T> {
    const phaseStartedAtMs = Date.now();
    try {
      return await work();
    } finally {
      this.#phases.push({ name, durationMs: Date.now() - phaseStartedAtMs });
    }
  }

  totalMs(): number {
    return Date.now() - this.startedAtMs;
  }

  describe(): string {
    return this.#phases.map(({ name, durationMs }) => `${name} ${formatSeconds(durationMs)}`).join(' · ');
  }
}

export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
