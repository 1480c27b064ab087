import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { readWebFault, toFailure } from './web.error.js';
import { MarkupFilter } from './web.markup-filter.js';
import { sourcesOf } from './web.sources.js';

const CHOICE = 0;
/** Tokens of these are notes of the machine to itself. */
const INTERNAL_TAGS: ReadonlySet<string> = new Set(['tool_usage_card', 'raw_function_result']);

/** Reads the frames of one answer. */
export class WebAnswer {
  /** Pictures that the answer holds, by their paths in the account. */
  readonly pictures: string[] = [];
  private told = '';
  private whole: string | undefined;
  private hasStarted = false;
  private hasEnded = false;
  private readonly markup: MarkupFilter;

  constructor(filteredTags: readonly string[] = []) {
    this.markup = new MarkupFilter(filteredTags);
  }

  read(frame: JsonObject): ChatPart[] {
    const parts: ChatPart[] = [];
    const { modelResponse, isSoftStop, finalMetadata } = frame;
    if (!this.hasStarted) this.start(frame, parts);
    this.readToken(frame, parts);
    const sources = sourcesOf(frame);
    if (sources !== '') parts.push({ type: 'reasoning-delta', choice: CHOICE, text: sources });
    if (isJsonObject(modelResponse)) this.readWhole(modelResponse);
    // The whole answer follows its soft end: the stream is read on until the body ends.
    this.hasEnded ||= isSoftStop === true || finalMetadata !== undefined;
    return parts;
  }

  /** What is left. An answer that never came to its end is none. */
  end(): ChatPart[] {
    const parts = this.text(this.markup.end());
    const { whole } = this;
    if (whole !== undefined && whole.startsWith(this.told) && whole.length > this.told.length)
      parts.push(...this.text(this.clean(whole.slice(this.told.length))));
    if (!this.hasEnded && whole === undefined) throw brokenOff();
    if (this.told === '' && parts.length === 0 && this.pictures.length === 0)
      throw new GatewayError('upstream_bad_answer', 'The upstream answered with nothing.', { saw: 'unknown' });
    return parts;
  }

  /** Nothing comes after this that would tell more. */
  get isComplete(): boolean {
    return this.hasEnded && this.whole !== undefined;
  }

  private start({ responseId, userResponse }: JsonObject, parts: ChatPart[]): void {
    if (typeof responseId !== 'string') return;
    this.hasStarted = true;
    const model = isJsonObject(userResponse) ? userResponse['model'] : undefined;
    parts.push({
      type: 'start',
      upstreamId: responseId,
      ...present({ model: typeof model === 'string' ? model : undefined }),
    });
  }

  private readToken({ token, isThinking, messageTag }: JsonObject, parts: ChatPart[]): void {
    if (typeof token !== 'string' || token === '') return;
    const tag = typeof messageTag === 'string' ? messageTag : undefined;
    if (tag !== undefined && INTERNAL_TAGS.has(tag)) return;
    if (isThinking === true) {
      const text = tag === 'header' ? `\n${token}\n` : token;
      parts.push({ type: 'reasoning-delta', choice: CHOICE, text });
      return;
    }
    if (tag !== undefined && tag !== 'final') return;
    this.told += token;
    parts.push(...this.text(this.markup.push(token)));
  }

  private readWhole(response: JsonObject): void {
    const { message, error, streamErrors, generatedImageUrls } = response;
    const fault = readWebFault(error) ?? firstFault(streamErrors);
    if (fault) throw toFailure(fault);
    if (typeof message === 'string' && message !== '') this.whole = message;
    for (const path of pathsOf(generatedImageUrls)) if (!this.pictures.includes(path)) this.pictures.push(path);
  }

  private clean(text: string): string {
    return this.markup.push(text) + this.markup.end();
  }

  private text(text: string): ChatPart[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: CHOICE, text }];
  }
}

function firstFault(errors: Json | undefined) {
  return Array.isArray(errors)
    ? errors.map((each) => readWebFault(each)).find((fault) => fault !== undefined)
    : undefined;
}

/** Of intermediate frames the list is empty, or says nothing. */
function pathsOf(urls: Json | undefined): string[] {
  return Array.isArray(urls) ? urls.filter((url): url is string => typeof url === 'string' && url.length > 1) : [];
}

function brokenOff(): GatewayError {
  return new GatewayError('upstream_interrupted', 'The upstream ended its answer in the middle.', { saw: 'unknown' });
}
