import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { isWebPage } from '@sluice/upstream-kit/read-json';
import { readWebFault, toFailure } from './web.error.js';

const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * The frames of an answer, a JSON text a line; also with the marks of an event stream. Each is what `result.response` holds,
 * or `result` itself. A line that tells an error ends them with it.
 */
export async function* readFrames(response: HttpResponse): AsyncGenerator<JsonObject, void, undefined> {
  for await (const line of linesOf(response)) {
    const text = line.startsWith('data:') ? line.slice('data:'.length).trim() : line.trim();
    if (text === '' || text.startsWith(':')) continue;
    if (text === '[DONE]') return;
    const frame = toFrame(text);
    if (frame) yield frame;
  }
}

function toFrame(text: string): JsonObject | undefined {
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const { result, error } = value;
  const fault = readWebFault(error) ?? (result === undefined ? readWebFault(value) : undefined);
  if (fault) throw toFailure(fault);
  if (!isJsonObject(result)) return undefined;
  const { response } = result;
  const frame = isJsonObject(response) ? response : result;
  const own = readWebFault(frame['error']);
  if (own) throw toFailure(own);
  return frame;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = isWebPage(text) ? 'a web page' : 'something that is no frame';
    throw new GatewayError('upstream_bad_answer', `The upstream sent ${what}.`, { saw: 'unknown' });
  }
}

async function* linesOf(response: HttpResponse): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of response.body) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE)
        throw new GatewayError('upstream_bad_answer', 'The upstream sent a line that is too long.', { saw: 'unknown' });
      yield* lines;
    }
    yield rest + decoder.decode();
  } finally {
    response.discard();
  }
}
