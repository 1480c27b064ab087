export interface ConversationLimits {
  idleMs: number;
  maxTurns: number;
  maxBytes: number;
}
