/** What the client is told about its answer. */
export interface AnswerContext {
  responseId: string;
  model: string;
  /** The client asked to see thoughts. */
  includesThoughts: boolean;
}

/** `sse` where the client asked with `alt=sse`, else one JSON array, written piece by piece. */
export type StreamForm = 'sse' | 'array';

export interface StreamContext extends AnswerContext {
  form: StreamForm;
  requestId: string;
}
