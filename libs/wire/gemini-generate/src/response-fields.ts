import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { AnswerContext } from './answer-context.js';
import { encodeUsage } from './encode-usage.js';

/** What stands in a response beside its candidates. */
export class ResponseFields {
  private usage: Usage | undefined;
  private nativeUsage: JsonObject | undefined;
  private native: JsonObject = {};
  private head: JsonObject;

  constructor(private readonly context: AnswerContext) {
    this.head = { modelVersion: context.model, responseId: context.responseId };
  }

  add(part: Extract<ChatPart, { type: 'start' | 'usage' | 'native' }>): void {
    if (part.type === 'usage') this.usage = part.usage;
    else if (part.type === 'start')
      this.head = { ...this.head, ...(part.model !== undefined && this.versionOf(part.model)) };
    else if (isJsonObject(part.data['response'])) this.addNative(part.data['response']);
  }

  /** Those of every event, with what has come since the last. */
  take(): JsonObject {
    const fields = { ...this.native, ...this.head };
    this.native = {};
    return fields;
  }

  /** Those of the last event, or of a whole answer. */
  end(): JsonObject {
    return { usageMetadata: this.nativeUsage ?? (this.usage && encodeUsage(this.usage)), ...this.take() };
  }

  private addNative({ usageMetadata, ...rest }: JsonObject): void {
    if (isJsonObject(usageMetadata)) this.nativeUsage = usageMetadata;
    this.native = { ...this.native, ...rest };
  }

  /** What really ran, as the one who ran it calls it. */
  private versionOf(model: string): JsonObject {
    return { modelVersion: model === '' ? this.context.model : model };
  }
}
