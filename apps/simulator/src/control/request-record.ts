/** How an exchange stands: `aborted` = the client left early, `cut` = the simulator hung up on purpose. */
export type Outcome = 'open' | 'finished' | 'aborted' | 'cut';

/** What the journal keeps of one received request. Times are epoch milliseconds. */
export interface RequestRecord {
  readonly sequence: number;
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly receivedAt: number;
  /** Dropped from older records, to stay small. */
  rawHeaders: readonly string[] | undefined;
  model: string | undefined;
  prompt: string | undefined;
  bodyBytes: number;
  firstByteAt: number | undefined;
  finishedAt: number | undefined;
  abortedAt: number | undefined;
  status: number | undefined;
  /** Refused for a quota that was declared: how long it was still closed. */
  refusedForMs: number | undefined;
  outcome: Outcome;
}

/** A record as the control endpoint shows it: no secret but a key's last characters. */
export function showRecord(record: RequestRecord): Record<string, unknown> {
  return { ...record, rawHeaders: undefined, key: redactKey(record.key), headers: redactHeaders(record.rawHeaders) };
}

export function redactKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : `…${key.slice(-4)}`;
}

const secretHeaders = new Set(['authorization', 'cookie', 'x-api-key', 'x-goog-api-key', 'proxy-authorization']);

function redactHeaders(rawHeaders: readonly string[] | undefined): Record<string, string> | undefined {
  if (rawHeaders === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = secretHeaders.has(name) ? `…${value.slice(-4)}` : value;
  }
  return headers;
}
