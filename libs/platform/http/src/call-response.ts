import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { AnswerHead, HttpCall } from './http-call.js';

const TEXT_MAXIMUM_BYTES = 64 * 1024 * 1024;
/** A body known to be this small is read away, which keeps the connection; another is cut off. */
const DISCARD_MAXIMUM_BYTES = 64 * 1024;

/** The answer to a call, from its head on. */
export class CallResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly #call: HttpCall;
  readonly #host: string;

  constructor({ status, headers }: AnswerHead, call: HttpCall, host: string) {
    this.status = status;
    this.headers = flatten(headers);
    this.#call = call;
    this.#host = host;
  }

  get body(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => iterate(this.#call) };
  }

  async text(maximumBytes = TEXT_MAXIMUM_BYTES): Promise<string> {
    const bytes = await this.#call.readAll(maximumBytes);
    if (!bytes) throw tooLong(this.#host, maximumBytes);
    return bytes.toString('utf8');
  }

  discard(): void {
    const length = Number(this.headers['content-length'] ?? Number.NaN);
    if (length <= DISCARD_MAXIMUM_BYTES) this.#call.drain();
    else this.#call.cut();
  }
}

function iterate(call: HttpCall): AsyncIterator<Uint8Array> {
  return {
    async next() {
      const value = await call.read();
      return value ? { done: false, value } : { done: true, value: undefined };
    },
    return() {
      call.cut();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

function tooLong(host: string, maximumBytes: number): GatewayError {
  const message = `${host} sent an answer of more than ${maximumBytes} bytes.`;
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}

function flatten(headers: AnswerHead['headers']): Record<string, string> {
  return isFlat(headers) ? headers : flattened(headers);
}

/** Seldom does an answer repeat a header: as it came, it need not be copied. */
function isFlat(headers: AnswerHead['headers']): headers is Record<string, string> {
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}

function flattened(headers: AnswerHead['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Each of them is a cookie of its own.
    const last = !Array.isArray(value) ? value : name === 'set-cookie' ? value.join(', ') : value.at(-1);
    if (last !== undefined) flat[name] = last;
  }
  return flat;
}
