import type { AssistantContent, ChatRequest, Message, Tool, UserContent } from '@sluice/contracts/chat';

/** Of English and of code; counted in UTF-8, scripts with longer characters come out near one token a character. */
const BYTES_PER_TOKEN = 3.5;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_TOOL = 12;
/** What models are told about tools as such. */
const TOKENS_FOR_TOOLS = 340;
/** The most that an image costs; its size is not looked at. */
const TOKENS_PER_IMAGE = 1_600;
const TOKENS_PER_FILE = 2_000;
const FILE_BYTES_PER_TOKEN = 40;

/** Roughly how many tokens a request is, at no cost: no upstream is asked. Never 0. */
export function countTokens({ messages, tools = [], responseFormat }: ChatRequest): number {
  const said = sum(messages, countMessage);
  const offered = tools.length === 0 ? 0 : TOKENS_FOR_TOOLS + sum(tools, countTool);
  const format = responseFormat?.type === 'json-schema' ? textTokens(JSON.stringify(responseFormat.schema ?? {})) : 0;
  return Math.max(1, Math.ceil(said + offered + format));
}

/** Not a whole number: sums are rounded once. */
export function textTokens(text: string): number {
  return Buffer.byteLength(text) / BYTES_PER_TOKEN;
}

function countMessage({ content }: Message): number {
  return TOKENS_PER_MESSAGE + sum<UserContent | AssistantContent>(content, countPart);
}

function countPart(part: UserContent | AssistantContent): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return textTokens(part.text);
    case 'redacted-reasoning':
      return textTokens(part.data);
    case 'tool-call':
      return TOKENS_PER_TOOL + textTokens(part.name) + textTokens(part.input);
    case 'image':
      return TOKENS_PER_IMAGE;
    default:
      return countFile(part);
  }
}

function countFile(part: UserContent | AssistantContent): number {
  if (!('source' in part) || part.source.type !== 'data') return TOKENS_PER_FILE;
  return TOKENS_PER_FILE + part.source.base64.length / FILE_BYTES_PER_TOKEN;
}

function countTool(tool: Tool): number {
  const shape = tool.type === 'function' ? tool.inputSchema : tool.format;
  const schema = shape === undefined ? 0 : textTokens(JSON.stringify(shape));
  return TOKENS_PER_TOOL + textTokens(tool.name) + textTokens(tool.description ?? '') + schema;
}

function sum<Item>(items: readonly Item[], count: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += count(item);
  return total;
}
