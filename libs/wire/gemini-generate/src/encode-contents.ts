import type { AssistantContent, Message, ToolCallContent, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { encodeMedia } from './encode-media.js';
import { modelFamily } from './model-family.js';
import { geminiSignature } from './thought-signature.js';
import { toArguments, toResponse } from './tool-input.js';

type ToolMessage = Extract<Message, { role: 'tool' }>;
export interface Contents {
  contents: JsonObject[];
  systemInstruction: JsonObject | undefined;
}

/** Roles alternate and the user begins: neighbours of one role become one turn, results stand in the order of their calls. */
export function encodeContents(messages: readonly Message[], model: string): Contents {
  const turns = new Turns(model);
  const system: JsonObject[] = [];
  messages.forEach((message, index) => {
    if (message.role === 'system' || message.role === 'developer') system.push(...message.content.flatMap(encodePart));
    else if (message.role === 'tool') turns.addResult(message);
    else if (message.role === 'user') turns.add('user', message.content.flatMap(encodePart));
    else turns.addAnswer(message.content, index);
  });
  const contents = turns.list();
  // A conversation of instructions alone is a question.
  if (contents.length === 0) return { contents: [{ role: 'user', parts: system }], systemInstruction: undefined };
  return { contents, systemInstruction: system.length === 0 ? undefined : { parts: system } };
}

interface Turn extends JsonObject {
  role: 'user' | 'model';
  parts: JsonObject[];
}

interface Result {
  order: number;
  parts: JsonObject[];
}

class Turns {
  private readonly turns: Turn[] = [];
  private readonly calls = new Map<string, { name: string; order: number }>();
  private results: Result[] = [];
  private readonly takesMediaResults: boolean;

  constructor(model: string) {
    this.takesMediaResults = modelFamily(model).generation >= 3;
  }

  add(role: Turn['role'], parts: JsonObject[]): void {
    this.flush();
    this.append(role, parts);
  }

  addAnswer(content: readonly AssistantContent[], index: number): void {
    for (const part of content) {
      if (part.type === 'tool-call') this.calls.set(part.id, { name: part.name, order: this.calls.size });
    }
    this.add('model', encodeAnswer(content, index));
  }

  addResult({ toolCallId, name, content, isError }: ToolMessage): void {
    const call = this.calls.get(toolCallId);
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    const media = content.filter((part) => part.type !== 'text').map(encodeMedia);
    const response = isError === true ? { error: text } : toResponse(text.trim());
    const inside = this.takesMediaResults && media.length > 0 ? { parts: media } : {};
    const functionResponse = { id: toolCallId, name: call?.name ?? name ?? toolCallId, response, ...inside };
    const parts = [{ functionResponse }, ...(this.takesMediaResults ? [] : media)];
    this.results.push({ order: call?.order ?? Number.MAX_SAFE_INTEGER, parts });
  }

  list(): Turn[] {
    this.flush();
    if (this.turns[0]?.role === 'model') this.turns.unshift({ role: 'user', parts: [{ text: ' ' }] });
    return this.turns;
  }

  private flush(): void {
    const results = this.results.toSorted((left, right) => left.order - right.order);
    this.results = [];
    this.append(
      'user',
      results.flatMap(({ parts }) => parts),
    );
  }

  private append(role: Turn['role'], parts: JsonObject[]): void {
    if (parts.length === 0) return;
    const last = this.turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.turns.push({ role, parts: [...parts] });
  }
}

function encodePart(part: UserContent): JsonObject[] {
  if (part.type !== 'text') return [encodeMedia(part)];
  return part.text === '' ? [] : [{ text: part.text }];
}

function encodeAnswer(content: readonly AssistantContent[], index: number): JsonObject[] {
  const parts: JsonObject[] = [];
  for (const part of content) {
    switch (part.type) {
      case 'text':
      case 'refusal':
        if (part.text !== '') parts.push({ text: part.text });
        break;
      case 'image':
        parts.push({ ...encodeMedia(part), thoughtSignature: geminiSignature(part.signature) });
        break;
      case 'reasoning': {
        const signature = geminiSignature(part.signature);
        // Reasoning that Gemini cannot prove its own is no use to it.
        if (signature !== undefined) parts.push({ ...thought(part.text), thoughtSignature: signature });
        break;
      }
      case 'tool-call':
        parts.push(encodeCall(part));
        break;
      case 'audio-reference': {
        const param = `messages[${index}].audio`;
        throw new GatewayError('unsupported', `${param}: the model has no audio of an earlier answer.`, { param });
      }
      case 'redacted-reasoning':
      // Sealed by another issuer.
    }
  }
  return parts;
}

/** A signature without reasoning is that of the text beside it. */
function thought(text: string): JsonObject {
  return text === '' ? { text } : { text, thought: true };
}

function encodeCall({ id, name, input, signature }: ToolCallContent): JsonObject {
  return { functionCall: { id, name, args: toArguments(input) }, thoughtSignature: signature };
}
