import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import assert from 'node:assert/strict';
import { assertChatOrder } from './chat-order.js';
import { createFakeHttp, type FakeAnswer, type FakeHttp } from './fake-http.js';
import type { Upstream } from './upstream.js';
import type { UpstreamContext } from './upstream-context.js';

/** A case to be registered with the test runner: `for (const { name, run } of …) it(name, run)`. */
export interface ConformanceCase {
  name: string;
  run(): Promise<void>;
}

export interface ChatConformance<Credential> {
  upstream: Upstream<Credential>;
  request: ChatRequest;
  /** A context of the kind under test, around the given way out. */
  context(call: { http: FakeHttp; signal: AbortSignal; isStreamed: boolean }): UpstreamContext<Credential>;
  /** Recorded streams that end well, by name. */
  streams: Readonly<Record<string, string>>;
  /** Recorded whole answers, by name. */
  wholes: Readonly<Record<string, string>>;
  /** Nothing of it may show in an error: what is sealed of the account. */
  secret: string;
}

/** What every adapter's `chat` must hold, whatever its upstream says. */
export function chatConformance<Credential>(subject: ChatConformance<Credential>): ConformanceCase[] {
  return [
    ...Object.entries(subject.streams).flatMap(([name, text]) => streamCases(subject, { name, text })),
    ...Object.entries(subject.wholes).map(([name, text]) => wholeCase(subject, { name, text })),
    ...STATUSES.map((status) => statusCase(subject, status)),
    ...Object.entries(NONSENSE).flatMap(([name, text]) => nonsenseCases(subject, { name, text })),
    leftCase(subject),
    stallCase(subject),
    lostCase(subject),
  ];
}

const STATUSES = [
  204, 301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 418, 422, 425, 429, 500, 501, 502, 503, 504, 520, 529,
];
const ERROR_BODIES = [
  '',
  'no',
  '<html><body>Bad gateway</body></html>',
  '{"error":{"message":"no"}}',
  '{"error":"no"}',
  '{',
  '[]',
  'null',
];
const NONSENSE: Readonly<Record<string, string>> = {
  nothing: '',
  'a web page': '<!DOCTYPE html><html></html>',
  'a number': '7',
  'an empty object': '{}',
  'an empty list': '[]',
  null: 'null',
  'an event that is not JSON': 'data: hello\n\n',
  'an event of null': 'data: null\n\n',
  'half a JSON value': '{"id":',
  'bytes of no text': '\u0000\uFFFD\u0001',
};
const PROMPTLY_MS = 100;

type Subject<Credential> = ChatConformance<Credential>;
type Recorded = { name: string; text: string };

function streamCases<Credential>(subject: Subject<Credential>, { name, text }: Recorded): ConformanceCase[] {
  const bytes = Buffer.from(text);
  const run = (answer: FakeAnswer): Promise<Outcome> => collect(subject, { answer, isStreamed: true });
  return [
    {
      name: `${name}: parts in their order`,
      run: async () => assertChatOrder((await run({ pieces: [text] })).whole()),
    },
    {
      name: `${name}: the same parts cut at any byte`,
      run: async () => {
        const expected = (await run({ pieces: [text] })).whole();
        for (let cut = 1; cut < bytes.length; cut += 1) {
          const { parts } = await run({ pieces: [bytes.subarray(0, cut), bytes.subarray(cut)] });
          assert.deepEqual(parts, expected, `cut at byte ${cut}`);
        }
      },
    },
    {
      name: `${name}: ended at any byte, the whole answer or a failure that says so`,
      run: async () => {
        const expected = (await run({ pieces: [text] })).whole();
        for (let end = 0; end < bytes.length; end += 1) {
          assertTruncated(await run({ pieces: [bytes.subarray(0, end)] }), { expected, end });
        }
      },
    },
  ];
}

/** Usage comes last, and an answer can be whole without it. */
function assertTruncated(
  { parts, error }: Outcome,
  { expected, end }: { expected: readonly ChatPart[]; end: number },
): void {
  const known = new Set(expected.map((part) => JSON.stringify(part)));
  if (error === undefined) {
    const needed = expected.filter(({ type }) => type !== 'usage' && type !== 'finish');
    assert.deepEqual(
      parts.filter(({ type }) => type !== 'usage' && type !== 'finish'),
      needed,
      `ended at byte ${end}`,
    );
    return assertChatOrder(parts);
  }
  assert.match(error.code, /^upstream_(?:interrupted|bad_answer)$/, `ended at byte ${end}`);
  for (const part of parts) assert.ok(known.has(JSON.stringify(part)), `ended at byte ${end}: ${JSON.stringify(part)}`);
}

function wholeCase<Credential>(subject: Subject<Credential>, { name, text }: Recorded): ConformanceCase {
  return {
    name: `${name}: parts in their order, asked for at once or as a stream`,
    run: async () => {
      const outcome = await collect(subject, { answer: { pieces: [text] }, isStreamed: false });
      assertChatOrder(outcome.whole());
      const streamed = await collect(subject, { answer: { pieces: [text] }, isStreamed: true });
      assert.deepEqual(streamed.parts, outcome.parts);
    },
  };
}

function statusCase<Credential>(subject: Subject<Credential>, status: number): ConformanceCase {
  return {
    name: `status ${status}: a failure, whatever the body`,
    run: async () => {
      for (const body of ERROR_BODIES) {
        for (const isStreamed of [true, false]) {
          const { parts, error } = await collect(subject, { answer: { status, pieces: [body] }, isStreamed });
          assert.deepEqual(parts, []);
          assert.ok(error, `${status} with ${body} is no failure`);
          assert.ok(error.data.saw, `${status} with ${body} does not tell what the upstream saw`);
          assert.notEqual(error.code, 'unauthenticated', "an upstream's refusal of our credential is not the caller's");
        }
      }
    },
  };
}

function nonsenseCases<Credential>(subject: Subject<Credential>, { name, text }: Recorded): ConformanceCase[] {
  return [true, false].map((isStreamed) => ({
    name: `${name} ${isStreamed ? 'as a stream' : 'at once'}: a failure`,
    run: async () => {
      const { error } = await collect(subject, { answer: { pieces: [text] }, isStreamed });
      assert.ok(error, 'no failure');
    },
  }));
}

function leftCase<Credential>(subject: Subject<Credential>): ConformanceCase {
  return {
    name: 'fails for a caller who has left',
    run: async () => {
      const { error } = await collect(subject, { answer: {}, isStreamed: true, signal: AbortSignal.abort() });
      assert.ok(error, 'no failure');
    },
  };
}

function stallCase<Credential>(subject: Subject<Credential>): ConformanceCase {
  return {
    name: `ends within ${PROMPTLY_MS} ms when the caller leaves in the middle`,
    run: async () => {
      const controller = new AbortController();
      const answer = { pieces: [firstHalf(subject)], ending: 'stall' } as const;
      const collected = collect(subject, { answer, isStreamed: true, signal: controller.signal });
      const [{ error }, leftAtMs] = await Promise.all([collected, leave(controller)]);
      assert.ok(error, 'no failure');
      assert.ok(performance.now() - leftAtMs < PROMPTLY_MS, 'too late');
    },
  };
}

function lostCase<Credential>(subject: Subject<Credential>): ConformanceCase {
  return {
    name: 'hands on what the way out says of a lost connection',
    run: async () => {
      const { error } = await collect(subject, {
        answer: { pieces: [firstHalf(subject)], ending: 'break' },
        isStreamed: true,
      });
      assert.equal(error?.code, 'upstream_interrupted');
    },
  };
}

function firstHalf<Credential>({ streams }: Subject<Credential>): string {
  const [text = ''] = Object.values(streams);
  return text.slice(0, text.length / 2);
}

/** Once all that is in memory has been read. */
async function leave(controller: AbortController): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  const leftAtMs = performance.now();
  controller.abort();
  return leftAtMs;
}

interface Outcome {
  parts: ChatPart[];
  error: GatewayError | undefined;
  /** The parts of an answer that did not fail. */
  whole(): ChatPart[];
}

interface Call {
  answer: FakeAnswer;
  isStreamed: boolean;
  signal?: AbortSignal;
}

/** Runs one call and holds it to what is true of all: one request, no open body, no stranger's error, no secret told. */
async function collect<Credential>(
  subject: Subject<Credential>,
  { answer, isStreamed, signal }: Call,
): Promise<Outcome> {
  const { chat } = subject.upstream;
  assert.ok(chat, 'the upstream has no chat');
  const http = createFakeHttp(answer);
  const context = subject.context({ http, isStreamed, signal: signal ?? new AbortController().signal });
  const parts: ChatPart[] = [];
  let error: GatewayError | undefined;
  try {
    for await (const part of chat(subject.request, context)) parts.push(part);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, `threw something else: ${String(thrown)}`);
    assert.ok(!JSON.stringify(thrown.data).includes(subject.secret), 'an error tells the secret');
    error = thrown;
  }
  assert.ok(http.requests.length <= 1, 'an adapter does not try again');
  assert.equal(http.openBodies(), 0, 'a body was left open');
  const whole = (): ChatPart[] => {
    if (error !== undefined) throw error;
    return parts;
  };
  return { parts, error, whole };
}
