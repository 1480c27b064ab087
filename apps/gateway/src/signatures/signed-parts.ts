import type { ReasoningContent, RedactedReasoningContent } from '@sluice/contracts/chat';
import type { Part } from '@sluice/contracts/part';
import type { SignedFields } from '@sluice/domain-conversations/signature-store';

/** What came signed with an answer's tool calls, by the id of the call. Nearly always nothing. */
export function signedFields(parts: readonly Part[]): ReadonlyMap<string, SignedFields> {
  const signed = new Map<string, SignedFields>();
  let reasoning: (ReasoningContent | RedactedReasoningContent)[] = [];
  for (const part of parts) {
    if (part.type === 'attempt') {
      signed.clear();
      reasoning = [];
    }
    if (!('choice' in part) || part.choice !== 0) continue;
    if (part.type !== 'tool-input-start') {
      addReasoning(reasoning, part);
      continue;
    }
    const led = reasoning.filter((one) => one.type === 'redacted-reasoning' || one.signature !== undefined);
    reasoning = [];
    if (part.signature === undefined && led.length === 0) continue;
    signed.set(part.id, {
      ...(part.signature !== undefined && { signature: part.signature }),
      ...(led.length > 0 && { reasoning: led }),
    });
  }
  return signed;
}

function addReasoning(reasoning: (ReasoningContent | RedactedReasoningContent)[], part: Part): void {
  const last = reasoning.at(-1);
  const open = last?.type === 'reasoning' && last.signature === undefined ? last : undefined;
  if (part.type === 'reasoning-delta') {
    if (open) open.text += part.text;
    else reasoning.push({ type: 'reasoning', text: part.text });
  } else if (part.type === 'reasoning-signature') {
    if (open) open.signature = part.signature;
    else reasoning.push({ type: 'reasoning', text: '', signature: part.signature });
  } else if (part.type === 'redacted-reasoning') {
    reasoning.push({ type: 'redacted-reasoning', data: part.data });
  }
}
