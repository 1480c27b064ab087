import type { Dialect } from '@sluice/contracts/dialect';
import type { GenerationInput } from '@sluice/contracts/generation';
import type { Part } from '@sluice/contracts/part';

/** A decoded call: what is to be made, and how the answer is to be told. */
export interface DecodedCall {
  dialect: Dialect;
  input: GenerationInput;
  isStreamed: boolean;
  /** Fields that were understood and are not acted on; named in a response header. */
  ignored: readonly string[];
  openStream(context: ReplyContext): StreamEncoder;
  encodeWhole(parts: readonly Part[], context: ReplyContext): object;
}

export interface ReplyContext {
  generationId: string;
  createdAtMs: number;
  /** What really ran. */
  model: string;
}

/** Turns parts into the frames of one answer; it must be given every part, in order. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** Something that clients skip. */
  heartbeat(): string;
}

/** One POST of one dialect: the client's body becomes a call. Throws `GatewayError`. */
export type DialectEndpoint = (body: unknown) => DecodedCall;
