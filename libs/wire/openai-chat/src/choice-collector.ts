import type { ChatPart, FinishReason } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { encodeFinish } from './encode-finish.js';
import { encodeImage } from './encode-image.js';

/** A part that belongs to one of the alternatives. */
export type ChoicePart = Extract<ChatPart, { choice: number }>;

interface Call {
  id: string;
  name: string;
  input: string;
  isCustom: boolean;
  signature: string | undefined;
}

/** Gathers the parts of one alternative into its message. */
export class ChoiceCollector {
  private text = '';
  private hasText = false;
  private reasoning = '';
  private refusal: string | null = null;
  private signature: string | undefined;
  private readonly calls: Call[] = [];
  private audio: JsonObject | undefined;
  private images: JsonObject[] | undefined;
  private annotations: Json[] | undefined;
  private logprobs: JsonObject | null = null;
  private reason: FinishReason = 'stop';

  add(part: ChoicePart): void {
    switch (part.type) {
      case 'text-delta':
        this.hasText = true;
        this.text += part.text;
        if (part.logprobs !== undefined) this.logprobs = joinLists(this.logprobs ?? {}, part.logprobs);
        return;
      case 'reasoning-delta':
        this.reasoning += part.text;
        return;
      case 'reasoning-signature':
        this.signature = part.signature;
        return;
      case 'redacted-reasoning':
      case 'native':
        // Neither has a place in this dialect.
        return;
      case 'refusal-delta':
        this.refusal = (this.refusal ?? '') + part.text;
        return;
      case 'tool-input-start':
        this.calls[part.index] = {
          id: part.id,
          name: part.name,
          input: '',
          isCustom: part.custom ?? false,
          signature: part.signature,
        };
        return;
      case 'tool-input-delta': {
        const call = this.calls[part.index];
        if (call !== undefined) call.input += part.delta;
        return;
      }
      case 'audio-delta':
        this.audio = joinAudio(this.audio ?? {}, part.audio);
        return;
      case 'image':
        this.images = [...(this.images ?? []), encodeImage(part)];
        return;
      case 'annotations':
        this.annotations = [...(this.annotations ?? []), ...part.annotations];
        return;
      case 'finish':
        this.reason = part.reason;
    }
  }

  encode({ index, ...told }: { index: number; isLegacyFunctions: boolean; stopWord?: 'stop' | 'STOP' }): JsonObject {
    const calls = this.calls.filter((call) => call !== undefined);
    const isSilent =
      !this.hasText &&
      (calls.length > 0 || this.refusal !== null || this.audio !== undefined || this.images !== undefined);
    const hasToolCalls = calls.length > 0;
    return {
      index,
      message: {
        role: 'assistant',
        content: isSilent ? null : this.text,
        refusal: this.refusal,
        reasoning_content: this.reasoning === '' ? undefined : this.reasoning,
        reasoning_details: this.signature === undefined ? undefined : [this.reasoningDetail(this.signature)],
        images: this.images,
        annotations: this.annotations,
        audio: this.audio,
        ...(hasToolCalls && (told.isLegacyFunctions ? encodeLegacyCall(calls) : { tool_calls: calls.map(encodeCall) })),
      },
      logprobs: this.logprobs,
      finish_reason: encodeFinish(this.reason, { hasToolCalls, ...told }),
    };
  }

  private reasoningDetail(signature: string): JsonObject {
    return { type: 'reasoning.text', text: this.reasoning, signature };
  }
}

/** The deprecated form has room for one. */
function encodeLegacyCall([first]: readonly Call[]): JsonObject {
  return { function_call: first && { name: first.name, arguments: first.input } };
}

function encodeCall({ id, name, input, isCustom, signature }: Call): JsonObject {
  if (isCustom) return { id, type: 'custom', custom: { name, input } };
  const extra = signature === undefined ? undefined : { google: { thought_signature: signature } };
  return { id, type: 'function', function: { name, arguments: input }, extra_content: extra };
}

/** `{content: […], refusal: […]}`: each list goes on where it ended. */
function joinLists(left: JsonObject, right: JsonObject): JsonObject {
  const joined = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const known = joined[name];
    joined[name] = Array.isArray(known) && Array.isArray(value) ? [...known, ...value] : (value ?? known ?? null);
  }
  return joined;
}

const GROWING_AUDIO = new Set(['data', 'transcript']);

function joinAudio(left: JsonObject, right: JsonObject): JsonObject {
  const joined = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const known = joined[name];
    const isGrowing = GROWING_AUDIO.has(name) && typeof known === 'string' && typeof value === 'string';
    joined[name] = isGrowing ? known + value : value;
  }
  return joined;
}
