/** What the stand-in does is chosen by the model's name: every gateway passes that through. */
export const benchModels = {
  /** Plain answers at once; streams write all their chunks at once. */
  instant: 'bench-instant',
  /** Streams write a chunk every 10 ms. */
  paced: 'bench-paced',
  /** Streams write a chunk every second. */
  idle: 'bench-idle',
} as const;

export type BenchModel = (typeof benchModels)[keyof typeof benchModels];

export const chunksPerStream = 20;

export const chunkIntervalMs: Record<BenchModel, number> = {
  [benchModels.instant]: 0,
  [benchModels.paced]: 10,
  [benchModels.idle]: 1000,
};

/** Each chunk's text carries its number and the time it was written, so that the far end can judge order and delay. */
export function chunkText(sequence: number, writtenAtMicros: number): string {
  return `${sequence}@${writtenAtMicros} `;
}
