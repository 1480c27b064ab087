/** A tool as every dialect knows one. */
export interface OfferedTool {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
}

export interface Said {
  text: string;
  /** A PNG picture. */
  image?: Uint8Array;
}

export interface ToolResult {
  id: string;
  name: string;
  text: string;
}

export interface TurnCall {
  id: string;
  name: string;
  input: unknown;
}

/** What one answer was, whatever the dialect that told it. */
export interface Turn {
  text: string;
  reasoning: string;
  calls: TurnCall[];
  end: 'stop' | 'tool-calls' | 'length';
  inputTokens: number;
  outputTokens: number;
}

export interface DialogOptions {
  model: string;
  tools?: readonly OfferedTool[];
  /** The answer shall be JSON of this schema. */
  schema?: Record<string, unknown>;
  maximumTokens?: number;
  how: 'plain' | 'streamed';
}

/** One conversation, its history kept in the client's own form: what the answer said goes back as it came. */
export interface Dialog {
  say(said: Said): Promise<Turn>;
  give(results: readonly ToolResult[]): Promise<Turn>;
}

/** What an SDK makes of a refusal. */
export interface Refusal {
  status: number | undefined;
  className: string;
  message: string;
  requestId: string | null | undefined;
}

/** An official SDK in front of the gateway. */
export interface ChatDriver {
  name: string;
  open(options: DialogOptions): Dialog;
  /** Undefined for an error that is not the SDK's own. */
  refusalOf(thrown: unknown): Refusal | undefined;
}
