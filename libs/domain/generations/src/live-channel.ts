import type { Part, PartRecord } from '@sluice/contracts/part';

/** Names in Redis, in one place. A prefix keeps tests and instances apart. */
export interface LiveNames {
  stream(generationId: string): string;
  /** Where a gateway replica hears of the generations it answers. */
  replica(replicaId: string): string;
  /** Where anyone hears of one generation. */
  generation(generationId: string): string;
  cancel: string;
}

export function liveNames(prefix: string): LiveNames {
  return {
    stream: (generationId) => `${prefix}:live:${generationId}`,
    replica: (replicaId) => `${prefix}:replica:${replicaId}`,
    generation: (generationId) => `${prefix}:parts:${generationId}`,
    cancel: `${prefix}:cancel`,
  };
}

/** One append, as the script publishes it: `<id> <first sequence> <parts>`. The parts stay text until somebody wants them. */
export interface LiveMessage {
  generationId: string;
  firstSequence: number;
  partsJson: string;
}

/** Undefined for a message that is not ours. */
export function parseLiveMessage(text: string): LiveMessage | undefined {
  const idEnd = text.indexOf(' ');
  const sequenceEnd = text.indexOf(' ', idEnd + 1);
  if (idEnd < 1 || sequenceEnd < 0) return undefined;
  return {
    generationId: text.slice(0, idEnd),
    firstSequence: Number(text.slice(idEnd + 1, sequenceEnd)),
    partsJson: text.slice(sequenceEnd + 1),
  };
}

export function toRecords(firstSequence: number, partsJson: string): PartRecord[] {
  const parts = JSON.parse(partsJson) as Part[];
  return parts.map((part, offset) => ({ sequence: firstSequence + offset, part }));
}
