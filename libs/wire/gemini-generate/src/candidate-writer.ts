import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { fromBlockedPrompt } from './decode-finish.js';
import { encodeFinish } from './encode-finish.js';
import { encodeGrounding } from './encode-grounding.js';
import { encodeLogprobs } from './encode-logprobs.js';
import { isWholeJson, toArguments } from './tool-input.js';
import { geminiSignature, toWireSignature } from './thought-signature.js';

export type ChoicePart = Extract<ChatPart, { choice: number }>;
type ToolStart = Extract<ChatPart, { type: 'tool-input-start' }>;

/** Google's content is whole parts, so what comes in pieces and may not waits here. */
export class CandidateWriter {
  private readonly calls: { start: ToolStart; input: string }[] = [];
  private text = '';
  private isThought = false;
  private annotations: Json[] = [];
  private logprobs: Json[] = [];
  private native: JsonObject = {};
  private finish: Extract<ChatPart, { type: 'finish' }> | undefined;

  constructor(private readonly includesThoughts: boolean) {}

  /** The parts of the content that this one completes. */
  add(part: ChoicePart): JsonObject[] {
    if (part.type === 'tool-input-delta') {
      const call = this.calls.find(({ start }) => start.index === part.index);
      if (call) call.input += part.delta;
      return [];
    }
    if (part.type === 'finish') {
      this.finish ??= part;
      return this.takeCalls();
    }
    const content = this.encode(part);
    const isNext = part.type === 'tool-input-start' || content.length > 0;
    const ready = isNext ? this.takeWholeCalls() : [];
    if (part.type === 'tool-input-start') this.calls.push({ start: part, input: '' });
    return [...ready, ...content];
  }

  /** Why the prompt was refused, where there is no candidate at all. */
  get blockReason(): string | undefined {
    return fromBlockedPrompt(this.finish?.native);
  }

  /** Fields beside the content that have come since the last time. */
  takeFields(): JsonObject {
    const fields = this.native;
    this.native = {};
    return fields;
  }

  /** Fields that tell the end. */
  end(): JsonObject {
    return {
      finishReason: encodeFinish(this.finish ?? { type: 'finish', choice: 0, reason: 'stop' }),
      groundingMetadata: encodeGrounding(this.annotations, this.text),
      logprobsResult: encodeLogprobs(this.logprobs),
      ...this.takeFields(),
    };
  }

  private encode(part: Exclude<ChoicePart, { type: 'tool-input-delta' | 'finish' }>): JsonObject[] {
    switch (part.type) {
      case 'text-delta':
        if (part.logprobs !== undefined) this.addLogprobs(part.logprobs);
        return this.say(part.text);
      case 'refusal-delta':
        return this.say(part.text);
      case 'reasoning-delta':
        this.isThought = true;
        return this.includesThoughts && part.text !== '' ? [{ text: part.text, thought: true }] : [];
      case 'reasoning-signature':
        return this.sign(part.signature);
      case 'image':
        return [encodeImage(part)];
      case 'audio-delta':
        return this.speak(part.audio);
      case 'annotations':
        this.annotations = [...this.annotations, ...part.annotations];
        return [];
      case 'native':
        return part.dialect === 'gemini-generate' ? this.readNative(part.data) : [];
      case 'tool-input-start':
      case 'redacted-reasoning':
        // The first waits for its input; the second has no place in this dialect.
        return [];
    }
  }

  private say(text: string): JsonObject[] {
    this.isThought = false;
    this.text += text;
    return text === '' ? [] : [{ text }];
  }

  /** A foreign signature is of use only with the thoughts that it signs. */
  private sign(signature: string): JsonObject[] {
    const isShown = this.includesThoughts && this.isThought;
    if (!isShown && geminiSignature(signature) === undefined) return [];
    return [{ text: '', ...(isShown && { thought: true }), thoughtSignature: toWireSignature(signature) }];
  }

  private speak({ data, mimeType, transcript }: JsonObject): JsonObject[] {
    if (typeof data === 'string' && data !== '')
      return [{ inlineData: { mimeType: typeof mimeType === 'string' ? mimeType : PCM, data } }];
    return typeof transcript === 'string' ? this.say(transcript) : [];
  }

  private readNative({ part, candidate }: JsonObject): JsonObject[] {
    if (isJsonObject(candidate)) this.native = { ...this.native, ...candidate };
    return isJsonObject(part) ? [part] : [];
  }

  private addLogprobs({ content }: JsonObject): void {
    if (Array.isArray(content)) this.logprobs.push(...content);
  }

  /** Calls are told in their order: one that is not whole holds back those after it. */
  private takeWholeCalls(): JsonObject[] {
    const broken = this.calls.findIndex(({ input }) => !isWholeJson(input));
    return this.calls.splice(0, broken === -1 ? this.calls.length : broken).map(encodeCall);
  }

  private takeCalls(): JsonObject[] {
    return this.calls.splice(0).map(encodeCall);
  }
}

const PCM = 'audio/L16;codec=pcm;rate=24000';

function encodeImage({ mediaType, base64, signature }: Extract<ChatPart, { type: 'image' }>): JsonObject {
  return {
    inlineData: { mimeType: mediaType, data: base64 },
    ...(signature !== undefined && { thoughtSignature: toWireSignature(signature) }),
  };
}

function encodeCall({ start, input }: { start: ToolStart; input: string }): JsonObject {
  const { id, name, signature } = start;
  return {
    functionCall: { id, name, args: toArguments(input) },
    ...(signature !== undefined && { thoughtSignature: signature }),
  };
}
