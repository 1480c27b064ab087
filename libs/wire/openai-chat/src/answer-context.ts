/** What the client is told about its answer, the same in every chunk. */
export interface AnswerContext {
  /** `chatcmpl-…` */
  id: string;
  createdSeconds: number;
  model: string;
  /** The client asked with `functions` instead of `tools`, and gets `function_call` back. */
  isLegacyFunctions?: boolean;
  /** Some old clients wait for capitals. */
  stopWord?: 'stop' | 'STOP';
}

export interface StreamContext extends AnswerContext {
  /** The client asked for a last chunk with the usage. */
  includeUsage: boolean;
  /** `[DONE]` follows an error, too: some old clients wait for it. */
  endsAfterError?: boolean;
}
