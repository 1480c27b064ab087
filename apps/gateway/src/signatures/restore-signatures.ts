import type { AssistantContent, Message, ToolCallContent } from '@sluice/contracts/chat';
import type { SignedFields } from '@sluice/domain-conversations/signature-store';

/** Tool calls that came back without a signature; whether they ever had one is not to be seen. */
export function unsignedCalls(messages: readonly Message[]): string[] {
  return messages.flatMap((message) =>
    message.role === 'assistant' ? message.content.filter(isUnsigned).map(({ id }) => id) : [],
  );
}

/** Puts back what was remembered; what a client kept itself stays as it is. */
export function restoreSignatures(messages: readonly Message[], signed: ReadonlyMap<string, SignedFields>): Message[] {
  return messages.map((message) =>
    message.role === 'assistant' ? { ...message, content: restore(message.content, signed) } : message,
  );
}

function restore(content: readonly AssistantContent[], signed: ReadonlyMap<string, SignedFields>): AssistantContent[] {
  const hasProof = content.some(
    (part) => part.type === 'redacted-reasoning' || (part.type === 'reasoning' && part.signature !== undefined),
  );
  return content.flatMap((part): AssistantContent[] => {
    const fields = isUnsigned(part) ? signed.get(part.id) : undefined;
    if (!fields) return [part];
    const call = fields.signature === undefined ? part : { ...part, signature: fields.signature };
    return hasProof ? [call] : [...(fields.reasoning ?? []), call];
  });
}

function isUnsigned(part: AssistantContent): part is ToolCallContent {
  return part.type === 'tool-call' && part.signature === undefined;
}
