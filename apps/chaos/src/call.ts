import { Agent, request, type IncomingMessage } from 'node:http';

export interface Call {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  headers?: Record<string, string>;
  body?: unknown;
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  json(): unknown;
}

/** Connections are cut on purpose here: none is kept, so that no call inherits another's fate. */
const agent = new Agent({ keepAlive: false });
const TIMEOUT_MS = 10_000;

/** The whole answer; any break of the connection is a failure. */
export async function call({ timeoutMs = TIMEOUT_MS, ...options }: Call): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await openCall({ ...options, signal });
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    json: () => JSON.parse(bytes.toString('utf8')) as unknown,
  };
}

/** Returns with the headers. */
export function openCall(options: Omit<Call, 'timeoutMs'> & { signal: AbortSignal }): Promise<IncomingMessage> {
  const { url, headers, body, signal } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const method = options.method ?? (text === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      signal,
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    sent.once('response', resolve).once('error', reject).end(text);
  });
}
