import { Agent, request } from 'undici';

const agent = new Agent({ connections: 512, bodyTimeout: 60_000, headersTimeout: 60_000 });

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body as JSON; `any` shape, to be matched by the test. */
  json(): unknown;
}

export interface HttpCall {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
}

export async function httpCall({ url, method, headers, body }: HttpCall): Promise<HttpAnswer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await request(url, {
    dispatcher: agent,
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: text ?? null,
  });
  const answer = await response.body.text();
  return {
    status: response.statusCode,
    headers: flatten(response.headers),
    text: answer,
    json: () => JSON.parse(answer) as unknown,
  };
}

export interface OpenedAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

/** Returns when the headers are there; aborting the signal hangs up. */
export async function openCall({
  url,
  method,
  headers,
  body,
  signal,
}: HttpCall & { signal?: AbortSignal }): Promise<OpenedAnswer> {
  const response = await request(url, {
    dispatcher: agent,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return {
    status: response.statusCode,
    headers: flatten(response.headers),
    body: response.body as AsyncIterable<Uint8Array>,
  };
}

export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
