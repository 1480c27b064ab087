import type { AssistantContent, Message, ToolResultContent, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { codeAsMarkdown } from './code-as-markdown.js';
import { decodeBlob, decodeFile } from './decode-media.js';
import type { WireContent, WireFunctionResponse, WirePart } from './part-schema.js';
import type { RequestNotes } from './request-notes.js';
import type { GenerateContentBody } from './schema.js';
import { fromWireSignature } from './thought-signature.js';
import { fromArguments } from './tool-input.js';
import { ToolCalls } from './tool-calls.js';

/** The conversation, its system prompt first. */
export function decodeContents(
  { systemInstruction, contents }: Pick<GenerateContentBody, 'systemInstruction' | 'contents'>,
  notes: RequestNotes,
): Message[] {
  const decoder = new ContentsDecoder(notes);
  if (systemInstruction != null) {
    const parts = typeof systemInstruction === 'string' ? [{ text: systemInstruction }] : systemInstruction.parts;
    decoder.addSystem(parts ?? []);
  }
  contents.forEach((content, index) => decoder.add(content, `contents[${index}]`));
  return decoder.messages;
}

class ContentsDecoder {
  readonly messages: Message[] = [];
  private readonly calls = new ToolCalls();

  constructor(private readonly notes: RequestNotes) {}

  add({ role, parts }: WireContent, field: string): void {
    const list = parts ?? [];
    if (role === 'system') this.addSystem(list);
    else if (role === 'model') this.addAnswer(list, field);
    else this.addUser(list, field);
  }

  addSystem(parts: readonly WirePart[]): void {
    const content = parts.flatMap(({ text }) => (text == null || text === '' ? [] : { type: 'text' as const, text }));
    if (content.length > 0) this.messages.push({ role: 'system', content });
  }

  /** Results come before all else that the user said, each as a message of its own. */
  private addUser(parts: readonly WirePart[], field: string): void {
    const content: UserContent[] = [];
    parts.forEach((part, index) => {
      if (part.functionResponse != null) this.messages.push(this.decodeResult(part.functionResponse));
      else content.push(...this.decodePart(part, `${field}.parts[${index}]`));
    });
    if (content.length > 0) this.messages.push({ role: 'user', content });
  }

  private decodePart(part: WirePart, field: string): UserContent[] {
    this.noteSideFields(part);
    if (part.inlineData != null) return [decodeBlob(part.inlineData)];
    if (part.fileData != null) return [this.decodeFile(part.fileData)];
    if (part.text != null) return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    return this.noteOther(part, field);
  }

  private decodeResult(response: WireFunctionResponse): Message {
    const toolCallId = this.calls.answer(response);
    const { text, isError } = readResult(response);
    const content: ToolResultContent[] = [{ type: 'text', text }];
    for (const { inlineData } of response.parts ?? []) {
      const media = inlineData == null ? undefined : decodeBlob(inlineData);
      if (media !== undefined && media.type !== 'audio') content.push(media);
      else this.notes.demand('contents[].parts[].functionResponse.parts');
    }
    return { role: 'tool', toolCallId, name: response.name, content, ...(isError && { isError }) };
  }

  private addAnswer(parts: readonly WirePart[], field: string): void {
    const content = parts.flatMap((part, index) => this.decodeAnswer(part, `${field}.parts[${index}]`));
    const last = this.messages.at(-1);
    // Google's own client keeps every event of a stream as a content of its own.
    if (last?.role === 'assistant') last.content.push(...content);
    else if (content.length > 0) this.messages.push({ role: 'assistant', content });
  }

  private decodeAnswer(part: WirePart, field: string): AssistantContent[] {
    const { text, thought, functionCall, inlineData, thoughtSignature } = part;
    if (functionCall != null) {
      const { name, args } = functionCall;
      const id = this.calls.open(functionCall);
      return [
        { type: 'tool-call', id, name, input: fromArguments(args ?? {}), ...present({ signature: thoughtSignature }) },
      ];
    }
    const signature = present({
      signature: thoughtSignature == null ? undefined : fromWireSignature(thoughtSignature),
    });
    if (inlineData != null) {
      const media = decodeBlob(inlineData);
      if (media.type === 'image') return [{ ...media, ...signature }];
      return this.noteOther(part, field);
    }
    if (text == null) return this.decodeCode(part, field);
    if (thought === true) return [{ type: 'reasoning', text, ...signature }];
    const said: AssistantContent[] = text === '' ? [] : [{ type: 'text', text }];
    return 'signature' in signature ? [{ type: 'reasoning', text: '', ...signature }, ...said] : said;
  }

  private decodeCode(part: WirePart, field: string): AssistantContent[] {
    const { executableCode, codeExecutionResult } = part;
    const text = codeAsMarkdown(present({ executableCode, codeExecutionResult }));
    return text === undefined ? this.noteOther(part, field) : [{ type: 'text', text }];
  }

  private decodeFile(file: NonNullable<WirePart['fileData']>): UserContent {
    const media = decodeFile(file);
    // Google's files, and pages that only Google reads.
    if (media.source.type === 'file' || isGoogles(file.fileUri)) this.notes.demand('contents[].parts[].fileData');
    return media;
  }

  private noteSideFields({ videoMetadata, mediaResolution, partMetadata }: WirePart): void {
    this.notes.ignorePresent('contents[].parts[].partMetadata', partMetadata);
    this.notes.ignorePresent('contents[].parts[].videoMetadata', videoMetadata);
    this.notes.ignorePresent('contents[].parts[].mediaResolution', mediaResolution);
  }

  private noteOther(part: WirePart, field: string): [] {
    const name = Object.entries(part).find(([key, value]) => value != null && !SIDE_FIELDS.has(key))?.[0];
    if (name === undefined) throw emptyPart(field);
    this.notes.demand(`contents[].parts[].${name}`);
    return [];
  }
}

const SIDE_FIELDS = new Set(['thought', 'thoughtSignature', 'videoMetadata', 'mediaResolution', 'partMetadata']);

function isGoogles(uri: string): boolean {
  return /^https?:\/\/(?:generativelanguage\.googleapis\.com|(?:www\.)?youtube\.com|youtu\.be)\//i.test(uri);
}

/** `output` and `error` have a meaning, `result` is what wraps a text; anything else is the result itself. */
function readResult({ response }: WireFunctionResponse): { text: string; isError: boolean } {
  if (!isJsonObject(response)) return { text: '', isError: false };
  const [only, ...others] = Object.keys(response);
  const isWrapped = others.length === 0 && (only === 'output' || only === 'result' || only === 'error');
  const value = isWrapped && only !== undefined ? response[only] : response;
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return { text, isError: isWrapped && only === 'error' };
}

function emptyPart(param: string): GatewayError {
  return new GatewayError('invalid_request', `${param}: a part must have one of its fields set.`, { param });
}
