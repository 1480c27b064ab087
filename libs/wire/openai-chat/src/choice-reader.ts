import type { ChatPart, FinishReason } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { decodeFinish } from './decode-finish.js';
import { isJsonObject } from '@sluice/contracts/json-object';
import { ToolCallReader } from './tool-call-reader.js';

/** One alternative's deltas, or its whole message, as parts. Its end is held back: vendors tell it twice, or too early. */
export class ChoiceReader {
  private readonly calls: ToolCallReader;
  private native: string | undefined;
  private stopSequence: string | undefined;
  private hasContent = false;

  constructor(
    private readonly choice: number,
    createId: (choice: number, index: number) => string,
  ) {
    this.calls = new ToolCallReader(choice, createId);
  }

  get isFinished(): boolean {
    return this.native !== undefined;
  }

  read(wire: JsonObject, parts: ChatPart[]): void {
    const { delta, message, finish_reason: reason } = wire;
    if (isJsonObject(delta)) this.readDelta(delta, { logprobs: wire['logprobs'], parts });
    // A whole message that closes a stream repeats it.
    else if (isJsonObject(message) && !this.hasContent) this.readDelta(message, { logprobs: wire['logprobs'], parts });
    if (typeof reason === 'string' && reason !== '') this.native ??= reason;
    // vLLM and its like tell which sequence was met.
    if (typeof wire['stop_reason'] === 'string' && wire['stop_reason'] !== '') this.stopSequence = wire['stop_reason'];
  }

  /** The one `finish`; a reason that was not told is derived. */
  end(parts: ChatPart[]): void {
    this.calls.end();
    const native = this.native;
    const reason: FinishReason = decodeFinish(native ?? 'stop', { hasToolCalls: this.calls.hasCalls });
    const { stopSequence } = this;
    parts.push({
      type: 'finish',
      choice: this.choice,
      reason,
      ...(native !== undefined && { native }),
      ...(reason === 'stop' && stopSequence !== undefined && { stopSequence }),
    });
  }

  private readDelta(delta: JsonObject, { logprobs, parts }: { logprobs: Json | undefined; parts: ChatPart[] }): void {
    const before = parts.length;
    const { choice } = this;
    const reasoning = textOf(delta['reasoning_content']) || textOf(delta['reasoning']) || thinkingOf(delta['content']);
    if (reasoning !== '') parts.push({ type: 'reasoning-delta', choice, text: reasoning });
    const signature = signatureOf(delta['reasoning_details']);
    if (signature !== undefined) parts.push({ type: 'reasoning-signature', choice, signature });
    const text = textOf(delta['content']);
    if (text !== '' || isJsonObject(logprobs)) {
      parts.push({ type: 'text-delta', choice, text, ...(isJsonObject(logprobs) && { logprobs }) });
    }
    const refusal = textOf(delta['refusal']);
    if (refusal !== '') parts.push({ type: 'refusal-delta', choice, text: refusal });
    if (isJsonObject(delta['audio'])) parts.push({ type: 'audio-delta', choice, audio: delta['audio'] });
    const { annotations } = delta;
    if (Array.isArray(annotations) && annotations.length > 0) parts.push({ type: 'annotations', choice, annotations });
    if (delta['tool_calls'] !== undefined) this.calls.read(delta['tool_calls'], parts);
    if (isJsonObject(delta['function_call'])) this.calls.read([{ index: 0, function: delta['function_call'] }], parts);
    if (parts.length > before) this.hasContent = true;
  }
}

/** A string, or the text parts of a list. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value
    .map((part) =>
      isJsonObject(part) && part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : '',
    )
    .join('');
}

/** Reasoning that comes as a part of the content. */
function thinkingOf(content: Json | undefined): string {
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isJsonObject(part) && part['type'] === 'thinking' ? textOf(part['thinking']) : ''))
    .join('');
}

function signatureOf(details: Json | undefined): string | undefined {
  if (!Array.isArray(details)) return undefined;
  const signed = details.findLast((detail) => isJsonObject(detail) && typeof detail['signature'] === 'string');
  return isJsonObject(signed) ? (signed['signature'] as string) : undefined;
}
