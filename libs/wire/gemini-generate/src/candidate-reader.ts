import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { ContentReader, type ContentOptions } from './content-reader.js';
import { decodeFinish } from './decode-finish.js';
import { GroundingReader } from './decode-grounding.js';
import { decodeLogprobs } from './decode-logprobs.js';
import { nativePart } from './native-data.js';

/** One alternative. Its end is held back: older models told STOP with every event. */
export class CandidateReader {
  private readonly content: ContentReader;
  private readonly grounding = new GroundingReader();
  private native: string | undefined;

  constructor(
    private readonly choice: number,
    private readonly options: ContentOptions,
  ) {
    this.content = new ContentReader(choice, options);
  }

  /** Why it ended, where that was told. */
  get reason(): string | undefined {
    return this.native;
  }

  get isEmpty(): boolean {
    return !this.content.hasContent;
  }

  read(wire: JsonObject, parts: ChatPart[]): void {
    const { content, finishReason, index: _, ...rest } = wire;
    if (isJsonObject(content) && Array.isArray(content['parts'])) this.content.readAll(content['parts'], parts);
    const logprobs = decodeLogprobs(wire['logprobsResult']);
    if (logprobs !== undefined && !this.options.keepsNative)
      parts.push({ type: 'text-delta', choice: this.choice, text: '', logprobs });
    if (typeof finishReason === 'string' && finishReason !== '' && finishReason !== 'FINISH_REASON_UNSPECIFIED')
      this.native = finishReason;
    if (!this.options.keepsNative) this.grounding.read(wire);
    else if (Object.keys(rest).length > 0) parts.push(nativePart(this.choice, { candidate: rest }));
  }

  end(parts: ChatPart[]): void {
    const { choice, native } = this;
    const annotations = this.grounding.annotations(this.content.text);
    if (annotations.length > 0) parts.push({ type: 'annotations', choice, annotations });
    const reason = decodeFinish(native ?? 'STOP', { hasToolCalls: this.content.hasCalls });
    parts.push({ type: 'finish', choice, reason, ...(native !== undefined && { native }) });
  }
}
