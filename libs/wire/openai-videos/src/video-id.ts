const GENERATION = /^gen_([0-9a-f]{32})$/;
const VIDEO = /^(?:video|gen)_([0-9a-f]{32})$/;
const REQUEST = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** `video_…`, as clients of this dialect know a generation. */
export function toVideoId(generationId: string): string {
  return generationId.replace(GENERATION, 'video_$1');
}

/** The same in xAI's spelling, whose ids are UUIDs. */
export function toRequestId(generationId: string): string {
  const digits = GENERATION.exec(generationId)?.[1] ?? '';
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Undefined for what is no video's id. `isRequestId` tells that the caller speaks xAI's spelling. */
export function fromVideoId(id: string): { generationId: string; isRequestId: boolean } | undefined {
  const digits = VIDEO.exec(id)?.[1];
  if (digits !== undefined) return { generationId: `gen_${digits}`, isRequestId: false };
  const parts = REQUEST.exec(id);
  return parts ? { generationId: `gen_${parts.slice(1).join('')}`, isRequestId: true } : undefined;
}
