/** An outgoing call, described. The port behind it guards addresses, proxies, bounds and measures. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** It brings a file to the upstream: operators may want another way out for these. */
  carriesFile?: true;
  /** Required: no network wait is unbounded. */
  signal: AbortSignal;
  /** From the last request byte to the response headers. */
  headersTimeoutMs?: number;
  /** The longest silence between two pieces of the body. */
  idleTimeoutMs?: number;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; the last of repeated ones. */
  headers: Record<string, string>;
  /** The body as it comes, once. Must be read to its end, or `discard`ed. */
  body: AsyncIterable<Uint8Array>;
  /** The whole body as text; longer than `maximumBytes` is a `upstream_bad_answer`. */
  text(maximumBytes?: number): Promise<string>;
  discard(): void;
}

/**
 * The only way out to an upstream. Failures are `GatewayError`s that say what the upstream can have seen:
 * `upstream_unreachable` (nothing), `upstream_timeout` and `upstream_interrupted` (unknown).
 */
export interface HttpPort {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Absent where only calls go out. A handshake that is refused fails as `upstream_unreachable`. */
  connect?(handshake: SocketHandshake): Promise<MessageSocket>;
}

export interface SocketHandshake {
  /** `ws:` or `wss:`. */
  url: string;
  headers?: Record<string, string>;
  /** Ends the conversation too. */
  signal: AbortSignal;
  /** The longest time in which nothing is said; then the connection counts as lost. */
  idleTimeoutMs?: number;
}

/** A conversation by messages, as a websocket carries it. */
export interface MessageSocket {
  /** What the other side says, once; ends when it closes, and fails where the connection is lost. */
  messages: AsyncIterable<string>;
  send(message: string): void;
  close(): void;
}
