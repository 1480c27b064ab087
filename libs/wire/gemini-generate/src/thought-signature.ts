import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/**
 * Only its issuer can read a signature, and Gemini refuses one that is not its own. In the internal form those of
 * reasoning carry Gemini's mark; on this dialect's wire, where clients decode base64, those of others carry ours.
 */
const GEMINI_MARK = 'gemini:';
const FOREIGN_MARK = 'sluice:';

/** From the wire to the internal form. */
export function fromWireSignature(wire: string): string {
  const decoded = Buffer.from(wire.slice(0, HEAD_LENGTH), 'base64').toString('latin1');
  if (!decoded.startsWith(FOREIGN_MARK)) return GEMINI_MARK + wire;
  return Buffer.from(wire, 'base64').toString().slice(FOREIGN_MARK.length);
}

/** From the internal form to a client. */
export function toWireSignature(signature: string): string {
  return geminiSignature(signature) ?? Buffer.from(FOREIGN_MARK + signature).toString('base64');
}

/** What Gemini itself may be told; undefined where it would refuse it. */
export function geminiSignature(signature: string | undefined): string | undefined {
  return signature?.startsWith(GEMINI_MARK) ? signature.slice(GEMINI_MARK.length) : undefined;
}

/** Google's word for a call, or a picture, that another model made. */
export const SKIP_SIGNATURE = 'skip_thought_signature_validator';

const HEAD_LENGTH = 12;

/**
 * Makes a conversation's signatures such as Gemini 3 takes: those of others are left out, and the first call of a
 * model's turn, and every picture, that has none gets the word for it. What needs no change stays the same object.
 */
export function repairSignatures(contents: readonly JsonObject[]): JsonObject[] {
  return contents.map((content) => {
    const { parts } = content;
    if (content['role'] !== 'model' || !Array.isArray(parts)) return content;
    let hasCall = false;
    const repaired = parts.map((part) => {
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
      const isFirstCall = !hasCall && callOf(part) !== undefined;
      hasCall ||= isFirstCall;
      return repairPart(part, { isNeeded: isFirstCall || isPicture(part) });
    });
    return repaired.every((part, index) => part === parts[index]) ? content : { ...content, parts: repaired };
  });
}

function callOf(part: JsonObject): unknown {
  return part['functionCall'] ?? part['function_call'];
}

/** A model that paints wants the proof of each picture that it is said to have made. */
function isPicture(part: JsonObject): boolean {
  const blob = part['inlineData'] ?? part['inline_data'];
  const mediaType = isJsonObject(blob) ? (blob['mimeType'] ?? blob['mime_type']) : undefined;
  return typeof mediaType === 'string' && mediaType.toLowerCase().startsWith('image/');
}

function repairPart(part: JsonObject, { isNeeded }: { isNeeded: boolean }): JsonObject {
  const own = part['thoughtSignature'] ?? part['thought_signature'];
  const isForeign = typeof own === 'string' && !fromWireSignature(own).startsWith(GEMINI_MARK);
  if (typeof own === 'string' && own !== '' && !isForeign) return part;
  if (!isForeign && !isNeeded) return part;
  const { thoughtSignature: _, thought_signature: __, ...rest } = part;
  return isNeeded ? { ...rest, thoughtSignature: SKIP_SIGNATURE } : rest;
}
