export interface EventStream {
  /** The `data` of each event, in order. */
  readonly events: Iterable<string>;
  /** Sent in place of the next event when an error inside the stream is asked for. */
  readonly errorEvent: () => string;
}
