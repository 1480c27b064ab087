import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest, HttpResponse } from '@sluice/contracts/http-port';

/** What a fake upstream says: `stall` never ends, `break` ends as a lost connection does. */
export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  pieces?: readonly (string | Uint8Array)[];
  ending?: 'whole' | 'stall' | 'break';
}

export interface FakeHttp extends HttpPort {
  readonly requests: HttpRequest[];
  /** Answers whose body was neither read to its end nor discarded: each holds a connection. */
  openBodies(): number;
}

/** An `HttpPort` without a network, for tests: it gives every request the next of the answers, the last one again and again. */
export function createFakeHttp(...answers: readonly FakeAnswer[]): FakeHttp {
  const requests: HttpRequest[] = [];
  const bodies: FakeBody[] = [];
  return {
    requests,
    openBodies: () => bodies.filter((body) => !body.isReleased).length,
    request(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? {};
      requests.push(request);
      if (request.signal.aborted) return Promise.reject(left());
      const body = new FakeBody(answer, request.signal);
      bodies.push(body);
      return Promise.resolve(responseOf(answer, body));
    },
  };
}

class FakeBody implements AsyncIterable<Uint8Array> {
  isReleased = false;

  constructor(
    private readonly answer: FakeAnswer,
    private readonly signal: AbortSignal,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (const piece of this.answer.pieces ?? []) {
        if (this.signal.aborted) throw left();
        yield typeof piece === 'string' ? Buffer.from(piece) : piece;
      }
      if (this.answer.ending === 'stall') await aborted(this.signal);
      if (this.answer.ending === 'break') {
        throw new GatewayError('upstream_interrupted', 'The connection was lost.', { saw: 'unknown' });
      }
    } finally {
      this.isReleased = true;
    }
  }
}

function responseOf(answer: FakeAnswer, body: FakeBody): HttpResponse {
  return {
    status: answer.status ?? 200,
    headers: answer.headers ?? {},
    body,
    async text(maximumBytes = Number.POSITIVE_INFINITY) {
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      if (bytes.length <= maximumBytes) return bytes.toString('utf8');
      throw new GatewayError('upstream_bad_answer', 'The answer is too long.', { saw: 'unknown' });
    },
    discard() {
      body.isReleased = true;
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(left());
    signal.addEventListener('abort', () => reject(left()), { once: true });
  });
}

function left(): GatewayError {
  return new GatewayError('cancelled', 'The caller has left.', { saw: 'unknown' });
}
