import type { Fault } from '../faults/fault.js';

/** The fields that every object of one reply shares. */
export interface Envelope {
  readonly id: string;
  readonly object: 'chat.completion' | 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
}

export interface EnvelopeSource {
  readonly sequence: number;
  readonly nowMs: number;
  readonly model: string;
  readonly object: Envelope['object'];
  readonly fault: Fault | undefined;
}

export function createEnvelope({ sequence, nowMs, model, object, fault }: EnvelopeSource): Envelope {
  return {
    id: `chatcmpl-sim${sequence.toString(36).padStart(8, '0')}`,
    object,
    created: createdAt(nowMs, fault),
    model,
  };
}

/** OpenAI says whole seconds; some vendors say milliseconds or fractions. */
function createdAt(nowMs: number, fault: Fault | undefined): number {
  if (fault?.createdMs) return nowMs;
  if (fault?.createdFloat) return Math.floor(nowMs / 1000) + 0.625;
  return Math.floor(nowMs / 1000);
}
