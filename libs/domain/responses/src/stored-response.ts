import type { JsonObject } from '@sluice/contracts/json';

/** What a response's answer decided. */
export interface ResponseOutcome {
  members: JsonObject;
  output: JsonObject[];
}

/** A response that was just accepted. */
export interface NewResponse {
  id: string;
  ownerKeyId: string;
  createdAtMs: number;
  previousResponseId: string | undefined;
  /** From which its object and its events are made; the dialect's business. */
  frame: JsonObject;
  input: readonly JsonObject[];
}

export interface StoredResponse extends NewResponse {
  /** Undefined until its answer has ended. */
  outcome: ResponseOutcome | undefined;
}

/** One turn of a conversation, as a later one reads it. */
export interface ChainLink {
  id: string;
  input: JsonObject[];
  /** Undefined until its answer has ended. */
  output: JsonObject[] | undefined;
  /** How large both are. */
  bytes: number;
}
