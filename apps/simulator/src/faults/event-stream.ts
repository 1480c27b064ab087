/** How events lie in the body, where that is not the usual `data: …`. */
export interface Framing {
  readonly contentType: string;
  frame(data: string, position: number): string;
  /** After the last event of a stream that ends in order. */
  readonly closing: string;
  /** Of an error inside the stream. */
  frameError(data: string, position: number): string;
}

export interface EventStream {
  /** The `data` of each event, in order. */
  readonly events: Iterable<string>;
  /** Sent in place of the next event when an error inside the stream is asked for. */
  readonly errorEvent: () => string;
  readonly framing?: Framing | undefined;
}
