import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import assert from 'node:assert/strict';
import type { ConformanceCase } from './conformance.js';
import { createFakeHttp, type FakeAnswer, type FakeHttp } from './fake-http.js';
import type { Job, JobKind, JobRequests, JobStep } from './job.js';
import type { UpstreamContext } from './upstream-context.js';

export interface JobConformance<Kind extends JobKind, Credential> {
  job: Job<Kind, Credential>;
  request: JobRequests[Kind];
  /** A context of the kind under test, around the given way out. */
  context(call: { http: FakeHttp; signal: AbortSignal }): UpstreamContext<Credential>;
  /** Recorded answers that take the work on, by name. */
  accepted: Readonly<Record<string, string>>;
  /** An operation as `start` gives it, old enough that the upstream must know it. */
  operation: Operation;
  /** Nothing of it may show in an error: what is sealed of the account. */
  secret: string;
}

type Subject<Kind extends JobKind, Credential> = JobConformance<Kind, Credential>;

/** What every adapter's job must hold, whatever its upstream says: above all, to say what the upstream can have seen. */
export function jobConformance<Kind extends JobKind, Credential>(
  subject: Subject<Kind, Credential>,
): ConformanceCase[] {
  return [
    ...Object.entries(subject.accepted).map(([name, text]) => acceptedCase(subject, { name, text })),
    ...[...REFUSED, ...AMBIGUOUS].map((status) => statusCase(subject, status)),
    ...Object.entries(NONSENSE).map(([name, text]) => nonsenseCase(subject, { name, text })),
    lostCase(subject),
    leftCase(subject),
    pollCase(subject),
  ];
}

/** Told in words of the upstream's own: nothing was taken on. */
const REFUSED = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429];
const AMBIGUOUS = [408, 500, 502, 504, 520];
const ERROR_BODIES = [
  '',
  'no',
  '<html><body>Bad gateway</body></html>',
  '{"error":{"message":"no"}}',
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
  'half a JSON value': '{"id":',
};

function acceptedCase<Kind extends JobKind, Credential>(
  subject: Subject<Kind, Credential>,
  { name, text }: { name: string; text: string },
): ConformanceCase {
  return {
    name: subject.job.isAttended
      ? `${name}: is done once, with files`
      : `${name}: is accepted once, before anything else is told`,
    run: async () => {
      const { steps, error } = await collect(subject, { pieces: [text] });
      assert.equal(error, undefined);
      const order = steps.map(({ type }) => type).filter((type) => type !== 'prepared');
      const first = subject.job.isAttended ? 'done' : 'accepted';
      assert.equal(order[0], first);
      assert.equal(order.filter((type) => type === first).length, 1);
      const keys = steps.flatMap((step) => ('operation' in step ? [step.operation['id']] : []));
      assert.equal(new Set(keys).size, 1, 'steps of one operation have one id');
      assert.equal(typeof keys[0], 'string');
      // It rests in a row until it is needed again.
      for (const step of steps.map(withoutBytes)) assert.deepEqual(JSON.parse(JSON.stringify(step)), step);
    },
  };
}

/** Bytes go to our store and never into a row. */
function withoutBytes(step: JobStep): object {
  if (step.type !== 'done') return step;
  assert.ok(step.files.length > 0, 'done without a file');
  return { ...step, files: step.files.map((file) => ('bytes' in file ? { role: file.role } : file)) };
}

function statusCase<Kind extends JobKind, Credential>(
  subject: Subject<Kind, Credential>,
  status: number,
): ConformanceCase {
  const isAmbiguous = AMBIGUOUS.includes(status);
  return {
    name: `status ${status} at the submission: a failure that ${isAmbiguous ? 'may have been accepted' : 'was not accepted'}`,
    run: async () => {
      for (const body of ERROR_BODIES) {
        const { steps, error } = await collect(subject, { status, pieces: [body] });
        assert.ok(!steps.some(({ type }) => type === 'accepted'));
        assert.ok(error, `${status} with ${body} is no failure`);
        assert.equal(error.data.saw, isAmbiguous ? 'unknown' : 'refused', `${status} with ${body}`);
        assert.notEqual(error.code, 'unauthenticated', "an upstream's refusal of our credential is not the caller's");
      }
    },
  };
}

function nonsenseCase<Kind extends JobKind, Credential>(
  subject: Subject<Kind, Credential>,
  { name, text }: { name: string; text: string },
): ConformanceCase {
  return {
    name: `${name} in answer to the submission: it may have been accepted`,
    run: async () => {
      const { error } = await collect(subject, { pieces: [text] });
      assert.equal(error?.data.saw, 'unknown');
    },
  };
}

function lostCase<Kind extends JobKind, Credential>(subject: Subject<Kind, Credential>): ConformanceCase {
  return {
    name: 'an answer that breaks off: it may have been accepted',
    run: async () => {
      const [text = ''] = Object.values(subject.accepted);
      const { error } = await collect(subject, { pieces: [text.slice(0, text.length / 2)], ending: 'break' });
      assert.equal(error?.data.saw, 'unknown');
    },
  };
}

function leftCase<Kind extends JobKind, Credential>(subject: Subject<Kind, Credential>): ConformanceCase {
  return {
    name: 'fails for a runtime that has given up',
    run: async () => {
      const { error } = await collect(subject, {}, AbortSignal.abort());
      assert.ok(error, 'no failure');
    },
  };
}

function pollCase<Kind extends JobKind, Credential>(subject: Subject<Kind, Credential>): ConformanceCase {
  return {
    name: 'a refused key in the middle is the account’s failure and not the work’s',
    run: async () => {
      if (!subject.job.poll) return;
      for (const status of [401, 403, 429, 500, 502, 503]) {
        const http = createFakeHttp({ status, pieces: ['{"error":{"message":"no"}}'] });
        const context = subject.context({ http, signal: new AbortController().signal });
        const error: unknown = await subject.job.poll([subject.operation], context).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof GatewayError, `${status} is told as a step`);
        assert.equal(http.openBodies(), 0, 'a body was left open');
      }
    },
  };
}

interface Outcome {
  steps: JobStep[];
  error: GatewayError | undefined;
}

/** Runs one submission and holds it to what is true of all: no open body, no stranger's error, no secret told. */
async function collect<Kind extends JobKind, Credential>(
  subject: Subject<Kind, Credential>,
  answer: FakeAnswer,
  signal = new AbortController().signal,
): Promise<Outcome> {
  const http = createFakeHttp(answer);
  const steps: JobStep[] = [];
  let error: GatewayError | undefined;
  try {
    for await (const step of subject.job.start(subject.request, subject.context({ http, signal }))) steps.push(step);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, `threw something else: ${String(thrown)}`);
    assert.ok(!JSON.stringify(thrown.data).includes(subject.secret), 'an error tells the secret');
    error = thrown;
  }
  assert.equal(http.openBodies(), 0, 'a body was left open');
  return { steps, error };
}
