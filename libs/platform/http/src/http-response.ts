import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Dispatcher } from 'undici';
import { type FailedCall, toHttpError } from './http-error.js';

type Call = Omit<FailedCall, 'error'>;
type Headers = Dispatcher.ResponseData['headers'];

const TEXT_MAXIMUM_BYTES = 64 * 1024 * 1024;
/** A body known to be this small is read away, which keeps the connection; another is cut off. */
const DISCARD_MAXIMUM_BYTES = 64 * 1024;

export function createHttpResponse(response: Dispatcher.ResponseData<unknown>, call: Call): HttpResponse {
  const { body, statusCode } = response;
  // Errors reach whoever reads; without a reader they must not end the process.
  body.on('error', () => undefined);
  const chunks: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => translateErrors(body[Symbol.asyncIterator](), call),
  };
  return {
    status: statusCode,
    headers: flatten(response.headers),
    body: chunks,
    text: (maximumBytes = TEXT_MAXIMUM_BYTES) => readText(chunks, { maximumBytes, host: call.host }),
    discard() {
      const length = Number(response.headers['content-length'] ?? Number.NaN);
      if (length <= DISCARD_MAXIMUM_BYTES) body.resume();
      else body.destroy();
    },
  };
}

function translateErrors(source: AsyncIterator<Uint8Array>, call: Call): AsyncIterator<Uint8Array> {
  return {
    async next() {
      try {
        return await source.next();
      } catch (error) {
        throw toHttpError({ ...call, error });
      }
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

async function readText(
  chunks: AsyncIterable<Uint8Array>,
  { maximumBytes, host }: { maximumBytes: number; host: string },
): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) throw tooLong(host, maximumBytes);
    parts.push(chunk);
  }
  return Buffer.concat(parts, bytes).toString('utf8');
}

function tooLong(host: string, maximumBytes: number): GatewayError {
  const message = `${host} sent an answer of more than ${maximumBytes} bytes.`;
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}

function flatten(headers: Headers): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) flat[name] = last;
  }
  return flat;
}
