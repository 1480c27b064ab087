/** An outgoing call, described. The port behind it guards addresses, proxies, bounds and measures. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
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
}
