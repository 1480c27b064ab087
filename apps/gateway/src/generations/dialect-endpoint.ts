import type { Dialect } from '@sluice/contracts/dialect';
import type { GenerationInput } from '@sluice/contracts/generation';
import type { Part } from '@sluice/contracts/part';
import type { Thoughts, Typing } from '@sluice/domain-settings/chat-options';
import type { CallContext } from '../http/call-context.js';

/** A decoded call: what is to be made, and how the answer is to be told. */
export interface DecodedCall {
  dialect: Dialect;
  input: GenerationInput;
  isStreamed: boolean;
  /** Fields that were understood and are not acted on; named in a response header. */
  ignored: readonly string[];
  /** Fields without which the answer would be another one: only an upstream that speaks this dialect may serve the call. */
  nativeOnly?: readonly string[];
  /** Only credentials of this kind may serve the call. */
  credentialKind?: string;
  /** Headers of the answer that only this call has. */
  headers?: Readonly<Record<string, string>>;
  /** What the operator asks of how it is told. */
  telling?: TellingOptions;
  /** How much was looked up and went into the input beside the body. */
  addedBytes?: number;
  /** Keeps what others may name while this is answered: awaited before anything is told. When it throws, the call fails. */
  beforeStart?(context: ReplyContext): Promise<void>;
  /**
   * Keeps what a later call may name: awaited before the end is told. `parts` are all that came, and their last is
   * always terminal: `cancelled` where the client left. When it throws, the answer fails.
   */
  beforeEnd?(parts: readonly Part[], context: ReplyContext): Promise<void>;
  /** For an answer that is no JSON: then this one counts, streamed or not. */
  bytes?: BytesEncoder;
  openStream(context: ReplyContext): StreamEncoder;
  encodeWhole(parts: readonly Part[], context: ReplyContext): object;
}

/** How an answer is told, beside what its client says. */
export interface TellingOptions {
  /** The upstream is asked for the whole answer even where the client wants a stream. */
  isGathered: boolean;
  /** What it was found in stands at its end. */
  showsSources: boolean;
  /** Where its thoughts stand, in the dialect that has no one place for them; absent: in their own field. */
  thoughts?: Thoughts;
  /** A stream comes as if somebody typed it. */
  typing?: Typing;
}

export interface ReplyContext {
  generationId: string;
  createdAtMs: number;
  /** What really ran. */
  model: string;
  /** How the end is spelled, in a dialect that has a word for it and clients that want another. */
  stopWord?: 'stop' | 'STOP';
  /** A stream that failed says that it is over as well, in a dialect that has a word for it. */
  endsAfterError?: boolean;
}

/** Turns parts into the frames of one answer; it must be given every part, in order. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** Something that clients skip. */
  heartbeat(): string;
}

/** Turns parts into the bytes of one answer; it is given every part, in order. */
export interface BytesEncoder {
  /** Given the parts that came up to the first byte. */
  contentType(parts: readonly Part[]): string;
  encode(part: Part): Uint8Array | undefined;
}

/** One POST of one dialect: the client's body becomes a call, at once where nothing must be looked up. Throws `GatewayError`. */
export type DialectEndpoint = (body: unknown, context: CallContext) => DecodedCall | Promise<DecodedCall>;
