import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from './start-simulator.js';

let simulator: Simulator;
let lastPrompt = 0;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** A prompt no other test uses, so that the journal can be asked for it alone. */
function uniquePrompt(markers: string): string {
  lastPrompt += 1;
  return `prompt number ${lastPrompt}. [[sim:${markers}]]`;
}

interface Asked {
  readonly stream?: boolean;
  readonly includeUsage?: boolean;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

function chat(
  prompt: string,
  { stream = false, includeUsage = false, key = 'sk-raw-wxyz', signal }: Asked = {},
): Promise<IncomingMessage> {
  const options = includeUsage ? { stream_options: { include_usage: true } } : {};
  const body = JSON.stringify({ model: 'sim-chat', stream, ...options, messages: [{ role: 'user', content: prompt }] });
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      ...(signal === undefined ? {} : { signal }),
    });
    sent.once('response', resolve).once('error', reject).end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part);
  } catch {
    return { text: Buffer.concat(parts).toString(), isWhole: false };
  }
  return { text: Buffer.concat(parts).toString(), isWhole: true };
}

async function streamText(markers: string): Promise<string> {
  return (await readAll(await chat(uniquePrompt(markers), { stream: true }))).text;
}

/** The JSON of every event but `[DONE]`. */
async function streamEvents(markers: string): Promise<Record<string, unknown>[]> {
  const lines = (await streamText(markers)).split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}

/** The `usage` of every event, when the client asked for it. */
async function streamUsages(prompt: string): Promise<({ completion_tokens: number } | null | undefined)[]> {
  const { text } = await readAll(await chat(prompt, { stream: true, includeUsage: true }));
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)).usage);
}

async function control(method: string, path: string, body?: unknown) {
  const sent = await fetch(`${simulator.url}/__control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: sent.status, json: JSON.parse(await sent.text()) };
}

describe('replies that are not what they should be', () => {
  it.each([
    ['error-in-200', 200, 'application/json', /^\{"error"/],
    ['html', 200, 'text/html; charset=utf-8', /<h1>200/],
    ['html,status=502', 502, 'text/html; charset=utf-8', /<h1>502/],
    ['empty-body', 200, 'application/json', /^$/],
    ['garbage-json', 200, 'application/json', /^\{"id".*[^}]$/],
    ['slow-body=64,chunk-delay-ms=1', 200, 'application/json', /\}$/],
  ])('%s', async (markers, status, contentType, text) => {
    const response = await chat(uniquePrompt(markers));
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe(contentType);
    expect((await readAll(response)).text).toMatch(text);
  });

  it('sends Retry-After only when asked', async () => {
    expect((await chat(uniquePrompt('status=429'))).headers).not.toHaveProperty('retry-after');
    expect((await chat(uniquePrompt('status=429,retry-after=7'))).headers['retry-after']).toBe('7');
    expect((await chat(uniquePrompt('status=503,retry-after-ms=70'))).headers['retry-after-ms']).toBe('70');
  });

  it('loses a reply after counting the request', async () => {
    const prompt = uniquePrompt('lost-reply');
    await expect(chat(prompt)).rejects.toThrow(/hang up|ECONNRESET/);
    const { json } = await control('GET', `requests?wait-for=cut&prompt=${encodeURIComponent(prompt)}`);
    expect(json).toMatchObject({ satisfied: true, counts: { received: 1, cut: 1, aborted: 0 } });
  });

  it('cuts a plain body', async () => {
    const { text, isWhole } = await readAll(await chat(uniquePrompt('cut,cut-bytes=20')));
    expect({ bytes: text.length, isWhole }).toEqual({ bytes: 20, isWhole: false });
  });

  it('gives a reply of exactly the size asked for', async () => {
    const { text } = await readAll(await chat(uniquePrompt('size=100000')));
    expect(JSON.parse(text).choices[0].message.content).toHaveLength(100_000);
  });
});

describe('streams that are not what they should be', () => {
  it('cuts inside the event after the given number', async () => {
    const { text, isWhole } = await readAll(await chat(uniquePrompt('cut-after=3,cut-bytes=25'), { stream: true }));
    expect(isWhole).toBe(false);
    const frames = text.split('\n\n');
    expect(frames).toHaveLength(4);
    expect(frames[3]).toHaveLength(25);
  });

  it('starts with the error when it comes after no event', async () => {
    const events = await streamEvents('error-in-stream=0,error-message=no luck');
    expect(events).toEqual([{ error: { message: 'no luck', type: 'server_error', param: null, code: null } }]);
  });

  it.each([
    ['no-done', /finish_reason":"stop"[^\n]*\n\n$/],
    ['crlf', /\r\n\r\ndata: \[DONE\]\r\n\r\n$/],
    ['garbage-json', /\n\ndata: \{"id":"garbage","choices":\[\{"delta\n\n/],
    ['comments', /^: simulated comment 0\n\n/],
  ])('%s', async (markers, expected) => {
    expect(await streamText(markers)).toMatch(expected);
  });

  it('delivers pieces that end inside a character', async () => {
    const response = await chat(uniquePrompt('split-utf8'), { stream: true });
    const pieces: string[] = [];
    for await (const piece of response) pieces.push(String(piece));
    expect(pieces.some((piece) => piece.includes('\ufffd'))).toBe(true);
  });

  it.each([
    ['chunks=4,chunk-delay-ms=20', 80],
    ['first-byte-delay-ms=60', 60],
    ['first-event-delay-ms=60', 60],
  ])('takes its time with %s', async (markers, leastMs) => {
    const startedAt = performance.now();
    await streamText(markers);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(leastMs - 2);
  });

  it('reports usage in the style asked for', async () => {
    const prompt = (style: string) => `[[sim:chunks=4,usage=${style}]]`;
    const usages = async (style: string) =>
      (await streamUsages(prompt(style))).map((usage) =>
        usage === undefined ? '-' : (usage?.completion_tokens ?? null),
      );
    expect(await usages('only-chunk')).toEqual(['-', '-', '-', '-', '-', '-', 4]);
    expect(await usages('on-finish')).toEqual([null, null, null, null, null, 4]);
    expect(await usages('every-chunk')).toEqual([0, 1, 2, 3, 4, 4]);
    expect(await usages('none')).toEqual(['-', '-', '-', '-', '-', '-']);
  });

  it('changes ids, times and roles', async () => {
    const ids = (await streamEvents('changing-ids')).map((event) => event['id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await streamEvents('created-ms'))[0]?.['created']).toBeGreaterThan(1e12);
    expect(Number.isInteger((await streamEvents('created-float'))[0]?.['created'])).toBe(false);
    expect(JSON.stringify(await streamEvents('missing-role'))).not.toContain('assistant');
    expect(JSON.stringify(await streamEvents('no-finish'))).not.toContain('"stop"');
  });

  it('puts usage where it was not asked for', async () => {
    expect(await streamEvents('')).not.toContainEqual(expect.objectContaining({ usage: expect.anything() }));
    expect((await streamEvents('usage=unasked')).at(-1)).toMatchObject({
      choices: [],
      usage: { total_tokens: expect.any(Number) },
    });
  });
});

describe('control', () => {
  it('sees within a second that the client has left a stalled stream', async () => {
    const prompt = uniquePrompt('stall-after=1');
    const leaving = new AbortController();
    const response = await chat(prompt, { stream: true, signal: leaving.signal });
    await new Promise((resolve) => response.once('data', resolve));
    response.once('error', () => undefined);
    const leftAt = Date.now();
    leaving.abort();
    const { json } = await control(
      'GET',
      `requests?wait-for=aborted&timeout-ms=1000&prompt=${encodeURIComponent(prompt)}`,
    );
    expect(json).toMatchObject({ satisfied: true, counts: { received: 1, aborted: 1 } });
    expect(json.requests[0].abortedAt - leftAt).toBeLessThan(1000);
  });

  it('counts concurrency for each key and hides the key', async () => {
    const key = 'sk-concurrency-9876';
    const leaving = new AbortController();
    const open = Array.from({ length: 3 }, () =>
      chat(uniquePrompt('stall-after=0'), { stream: true, key, signal: leaving.signal }),
    );
    for (const response of await Promise.all(open)) response.once('error', () => undefined);
    const during = await control('GET', `requests?key=${key}`);
    expect(during.json.concurrency.perKey).toEqual([{ key: '…9876', active: 3, maximum: 3, received: 3 }]);
    leaving.abort();
    const after = await control('GET', `requests?key=${key}&wait-for=aborted&count=3`);
    expect(after.json.concurrency.perKey).toMatchObject([{ active: 0, maximum: 3 }]);
    expect(JSON.stringify(after.json)).not.toContain(key);
  });

  it('applies standing faults as often as told', async () => {
    const added = await control('POST', 'faults', {
      match: { prompt: 'standing' },
      fault: { status: 503, 'retry-after': 1 },
      times: 2,
    });
    expect(added.status).toBe(201);
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await chat('standing fault')).statusCode);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await control('GET', 'faults')).json.faults).toMatchObject([{ applied: 2 }]);
    await control('DELETE', 'faults');
    expect((await control('GET', 'faults')).json.faults).toEqual([]);
  });

  it('refuses a fault it does not know', async () => {
    expect((await control('POST', 'faults', { fault: { explode: true } })).status).toBe(400);
  });

  it.each([
    [{ state: 'revoked' }, 401, 'invalid_api_key'],
    [{ state: 'expired' }, 401, 'invalid_api_key'],
    [{ state: 'quota-exhausted', until: '2999-01-01T00:00:00Z' }, 429, 'insufficient_quota'],
    [{ state: 'rate-limited', limit: 0, windowMs: 60_000 }, 429, 'rate_limit_exceeded'],
  ])('declares a key %j', async (state, status, code) => {
    const key = `sk-${state.state}-key`;
    expect((await control('POST', 'keys', { key, ...state })).status).toBe(200);
    const response = await chat('hi', { key });
    expect(response.statusCode).toBe(status);
    expect(JSON.parse((await readAll(response)).text).error.code).toBe(code);
    expect((await chat('hi', { key: 'sk-another' })).statusCode).toBe(200);
  });
});

it('says in the shape of OpenAI what it does not serve', async () => {
  const withoutKey = await fetch(`${simulator.url}/v1/models`);
  expect([withoutKey.status, JSON.parse(await withoutKey.text()).error.type]).toEqual([401, 'invalid_request_error']);
  const unknown = await fetch(`${simulator.url}/v1/assistants`, { headers: { authorization: 'Bearer k' } });
  expect([unknown.status, JSON.parse(await unknown.text()).error.message]).toEqual([
    404,
    'Invalid URL (GET /v1/assistants)',
  ]);
});
