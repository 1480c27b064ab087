/** What the client is told about its answer. */
export interface AnswerContext {
  /** `msg_…` */
  id: string;
  model: string;
  /** Stands until the upstream has counted, and for good if it never does. */
  estimateInputTokens(): number;
  /** What the client asked to be stopped at: an upstream's word for the one that was met must be among them. */
  stopSequences?: readonly string[] | undefined;
  /** Nothing of the answer is wanted. */
  isWarmUp?: boolean;
}

export interface StreamContext extends AnswerContext {
  /** Named in an error. */
  requestId: string;
}
