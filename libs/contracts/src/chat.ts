import type { JsonObject } from './json.js';

/**
 * A conversation to be continued, in the words of no vendor. Produced by a dialect's decoder, which is the
 * trust boundary, so these are types and not schemas. Absent means "not asked", never a default.
 */
export interface ChatRequest {
  /** As the client wrote it; routing turns it into a target's model. */
  model: string;
  messages: Message[];
  tools?: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  reasoning?: Reasoning;
  responseFormat?: ResponseFormat;
  sampling?: Sampling;
  maxOutputTokens?: number;
  stop?: string[];
  /** How many alternative answers; 1 when absent. */
  choices?: number;
  logprobs?: { top: number };
  /** Speech beside text. */
  audioOutput?: { format: string; voice: string | JsonObject };
  /** Text the client expects most of the answer to equal. */
  prediction?: TextContent[];
  verbosity?: 'low' | 'medium' | 'high';
  serviceTier?: string;
  cache?: { key?: string; retention?: string; options?: JsonObject };
  webSearch?: JsonObject;
  moderation?: JsonObject;
  /** Opaque labels of the caller's, at most 16. */
  metadata?: Record<string, string>;
  /** The caller's name for its end user. */
  endUser?: string;
  store?: boolean;
  /** Fields that only one upstream understands, by that upstream's name. */
  providerOptions?: Record<string, JsonObject>;
}

export type Message =
  | { role: 'system' | 'developer'; name?: string; content: TextContent[] }
  | { role: 'user'; name?: string; content: UserContent[] }
  | { role: 'assistant'; name?: string; content: AssistantContent[] }
  | { role: 'tool'; content: ToolResultContent[]; toolCallId: string; isError?: boolean; name?: string };

export type UserContent = TextContent | ImageContent | AudioContent | FileContent;
export type ToolResultContent = TextContent | ImageContent | FileContent;
export type AssistantContent =
  | TextContent
  | ImageContent
  | ReasoningContent
  | RedactedReasoningContent
  | RefusalContent
  | ToolCallContent
  | { type: 'audio-reference'; id: string };

/** `cacheBreakpoint` marks where a prompt prefix worth caching ends. */
interface Cacheable {
  cacheBreakpoint?: JsonObject;
}

export interface TextContent extends Cacheable {
  type: 'text';
  text: string;
}

export interface ImageContent extends Cacheable {
  type: 'image';
  source: MediaSource;
  detail?: string;
  /** The proof of a model of its own picture. */
  signature?: string;
}

export interface AudioContent extends Cacheable {
  type: 'audio';
  source: MediaSource;
  format: string;
}

export interface FileContent extends Cacheable {
  type: 'file';
  source: MediaSource;
  filename?: string;
}

/** `signature` is the issuer's proof of its own reasoning: only the issuer can read it, so it travels unread. */
export interface ReasoningContent {
  type: 'reasoning';
  text: string;
  signature?: string;
}

/** Reasoning that its issuer sealed: it goes back as it came, or not at all. */
export interface RedactedReasoningContent {
  type: 'redacted-reasoning';
  data: string;
}

export interface RefusalContent {
  type: 'refusal';
  text: string;
}

export interface ToolCallContent {
  type: 'tool-call';
  id: string;
  name: string;
  /** JSON as the model wrote it; it can be invalid, and must then survive unchanged. */
  input: string;
  /** A tool called with free text instead of JSON. */
  custom?: true;
  signature?: string;
}

export type MediaSource =
  | { type: 'url'; url: string; mediaType?: string }
  | { type: 'data'; mediaType: string; base64: string }
  | { type: 'file'; fileId: string; mediaType?: string };

export type Tool =
  | { type: 'function'; name: string; description?: string; inputSchema?: JsonObject; strict?: boolean }
  | { type: 'custom'; name: string; description?: string; format?: JsonObject };

export type ToolChoice =
  | { type: 'none' | 'auto' | 'required' }
  | { type: 'tool'; name: string; custom?: true }
  | { type: 'allowed'; mode: 'auto' | 'required'; tools: JsonObject[] };

export interface Reasoning {
  /** `none` switches it off; the rest is the vendor's scale, mapped by each adapter. */
  effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  /** 0: none is wanted where that can be said; a model without the switch is asked all the same. */
  budgetTokens?: number;
  /** Whether the reasoning is to be told; absent: as the upstream does by itself. */
  includeText?: boolean;
}

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; name: string; schema?: JsonObject; strict?: boolean; description?: string };

export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  logitBias?: Record<string, number>;
  seed?: number;
}
