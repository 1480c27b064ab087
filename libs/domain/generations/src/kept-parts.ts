import type { Part } from '@sluice/contracts/part';

/** Stands in a row where a piece of sound was. */
interface OmittedPart {
  type: 'omitted';
  bytes: number;
}

/** What of a part stays in its generation's row. Sound is sent as it comes and kept nowhere: rows are for texts. */
export function toKept(part: Part): Part | OmittedPart {
  if (part.type !== 'speech-delta') return part;
  return { type: 'omitted', bytes: Buffer.byteLength(part.base64, 'base64') };
}

/** A log as its row holds it, in the same places. One that is not whole ends where it was cut: nobody takes it for all. */
export function fromKept(parts: readonly (Part | OmittedPart)[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    if (part.type === 'omitted') return [...whole, GONE];
    whole.push(part);
  }
  return whole;
}

const GONE: Part = {
  type: 'failed',
  error: { code: 'not_found', message: 'The sound of this answer was sent and is not kept.', reason: 'expired' },
};
