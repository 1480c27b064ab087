import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { codeAsMarkdown } from './code-as-markdown.js';
import { nativePart } from './native-data.js';
import { fromWireSignature } from './thought-signature.js';
import { fromArguments } from './tool-input.js';

export interface ContentOptions {
  createId(choice: number, index: number): string;
  /** The client speaks this dialect: what other parts have no word for is kept for it. */
  keepsNative: boolean;
}

type Kind = 'text' | 'reasoning';

/** The parts of one candidate's content, each in its place. */
export class ContentReader {
  /** The text without thoughts, which citations point into. */
  text = '';
  hasContent = false;
  private callCount = 0;
  private last: Kind | undefined;

  constructor(
    private readonly choice: number,
    private readonly options: ContentOptions,
  ) {}

  get hasCalls(): boolean {
    return this.callCount > 0;
  }

  /** The parts of one event; text goes on from one event to the next. */
  readAll(wire: readonly Json[], parts: ChatPart[]): void {
    this.last = undefined;
    for (const part of wire) if (isJsonObject(part)) this.read(part, parts);
  }

  private read(part: JsonObject, parts: ChatPart[]): void {
    if (this.options.keepsNative && !isPlain(part)) return this.readOther(part, parts);
    const { text, functionCall, inlineData } = part;
    if (isJsonObject(functionCall)) this.readCall(functionCall, { part, parts });
    else if (isJsonObject(inlineData)) this.readMedia(inlineData, { part, parts });
    else if (typeof text === 'string') this.readText(text, { part, parts });
    else this.readOther(part, parts);
  }

  private readText(text: string, { part, parts }: Place): void {
    const { choice } = this;
    const kind: Kind = part['thought'] === true ? 'reasoning' : 'text';
    if (this.options.keepsNative && this.last === kind) parts.push(nativePart(choice, { isNextPart: true }));
    if (text !== '') {
      this.hasContent = true;
      if (kind === 'text') this.text += text;
      parts.push({ type: kind === 'text' ? 'text-delta' : 'reasoning-delta', choice, text });
    }
    const signature = signatureOf(part);
    if (signature !== undefined)
      parts.push({ type: 'reasoning-signature', choice, signature: fromWireSignature(signature) });
    this.last = kind;
  }

  /** Arguments come whole. */
  private readCall(call: JsonObject, { part, parts }: Place): void {
    const { choice } = this;
    const index = this.callCount;
    this.callCount += 1;
    this.hasContent = true;
    this.last = undefined;
    const signature = signatureOf(part);
    parts.push({
      type: 'tool-input-start',
      choice,
      index,
      id: textOf(call['id']) ?? this.options.createId(choice, index),
      name: textOf(call['name']) ?? 'unnamed_function',
      ...(signature !== undefined && { signature }),
    });
    const args = isJsonObject(call['args']) ? call['args'] : {};
    parts.push({ type: 'tool-input-delta', choice, index, delta: fromArguments(args) });
  }

  private readMedia({ mimeType, data }: JsonObject, { part, parts }: Place): void {
    const { choice } = this;
    const mediaType = textOf(mimeType) ?? 'application/octet-stream';
    // A sketch on the way to the picture is no part of the answer.
    if (part['thought'] === true || typeof data !== 'string') return this.keep(part, parts);
    this.hasContent = true;
    this.last = undefined;
    const own = signatureOf(part);
    const signature = own === undefined ? {} : { signature: fromWireSignature(own) };
    if (mediaType.startsWith('image/')) parts.push({ type: 'image', choice, mediaType, base64: data, ...signature });
    else if (mediaType.startsWith('audio/'))
      parts.push({ type: 'audio-delta', choice, audio: { data, mimeType: mediaType } });
    else this.keep(part, parts);
  }

  private readOther(part: JsonObject, parts: ChatPart[]): void {
    if (this.options.keepsNative) return this.keep(part, parts);
    const text = codeAsMarkdown(part);
    if (text !== undefined) this.readText(text, { part, parts });
  }

  private keep(part: JsonObject, parts: ChatPart[]): void {
    if (!this.options.keepsNative) return;
    this.hasContent = true;
    this.last = undefined;
    parts.push(nativePart(this.choice, { part }));
  }
}

interface Place {
  part: JsonObject;
  parts: ChatPart[];
}

const PLAIN_FIELDS = new Set(['text', 'thought', 'thoughtSignature', 'functionCall', 'inlineData']);
const CALL_FIELDS = new Set(['id', 'name', 'args']);

/** Nothing in it that the internal form would lose. */
function isPlain(part: JsonObject): boolean {
  const { functionCall: call, thought, inlineData } = part;
  if (isJsonObject(call) && (thought === true || Object.keys(call).some((name) => !CALL_FIELDS.has(name))))
    return false;
  if (isJsonObject(inlineData) && Object.keys(inlineData).length > 2) return false;
  return Object.keys(part).every((name) => PLAIN_FIELDS.has(name));
}

function signatureOf(part: JsonObject): string | undefined {
  return textOf(part['thoughtSignature']);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
