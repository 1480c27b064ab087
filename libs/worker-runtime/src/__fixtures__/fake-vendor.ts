import { createHash } from 'node:crypto';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpResponse } from '@sluice/contracts/http-port';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import type { Job, OperationStep, SubmitIntent } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';

interface Made {
  id: string;
  prompt: string;
  createdAtMs: number;
  progress: number;
  status: 'running' | 'done' | 'failed' | 'cancelled';
}

export const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(500, 7)]);
export const MP4_SHA256 = createHash('sha256').update(MP4).digest('hex');

/** A vendor of videos that does what a test wants, and counts what it was paid for. */
export class FakeVendor {
  readonly made: Made[] = [];
  polls = 0;
  finds = 0;
  cancels = 0;
  /** What happens to the next submissions, in turn; then all are taken. */
  readonly plan: ('lost reply' | 'never arrived' | 'refused' | 'bad request' | 'prepare first')[] = [];
  /** Of the next files that are fetched. */
  readonly files: ('truncated' | 'expired' | 'page')[] = [];
  /** Called when a submission has been taken and the reply is on its way. */
  onTaken: () => Promise<void> | void = () => {};
  /** Called before anything leaves the worker. */
  onStart: () => Promise<void> | void = () => {};
  isDown = false;

  constructor(private readonly now: () => number) {}

  submissionsOf(prompt: string): number {
    return this.made.filter((one) => one.prompt === prompt).length;
  }

  finish(status: Made['status'] = 'done'): void {
    for (const one of this.made) if (one.status === 'running') one.status = status;
  }

  /** The network to it. */
  readonly http: HttpPort = {
    request: async ({ method, url, body }) => {
      if (method === 'GET') return this.file();
      const prompt = String(body ?? url);
      const fate = this.plan.shift();
      if (fate === 'refused') throw new GatewayError('upstream_rate_limited', 'Slow down.', { saw: 'refused' });
      if (fate === 'bad request') throw new GatewayError('invalid_request', 'No such size.', { saw: 'refused' });
      if (fate === 'never arrived') throw lost();
      const id = `video_${this.made.length + 1}`;
      this.made.push({ id, prompt, createdAtMs: this.now(), progress: 0, status: 'running' });
      await this.onTaken();
      if (fate === 'lost reply') throw lost();
      return response(Buffer.from(id));
    },
  };

  /** The adapter that speaks to it. */
  readonly job: Required<Omit<Job<'video', unknown>, 'isAttended' | 'remove'>> = {
    start: (request, context) => this.start(request, context),
    poll: async (operations) => {
      this.polls += 1;
      if (this.isDown) throw new GatewayError('upstream_unreachable', 'Down.', { saw: 'nothing' });
      return operations.map((operation) => this.look(operation));
    },
    find: async (intent) => this.find(intent),
    cancel: async ({ id }) => {
      this.cancels += 1;
      const one = this.made.find((made) => made.id === id);
      if (one) one.status = 'cancelled';
    },
    open: async (_file, { http, signal }) => http.request({ method: 'GET', url: 'http://vendor/file', signal }),
  };

  /** The same for a worker that has a real network, where this vendor is not. */
  get jobWithOwnNetwork(): FakeVendor['job'] {
    const { job, http } = this;
    return {
      ...job,
      start: (request, context) => job.start(request, { ...context, http }),
      open: (file, context) => job.open(file, { ...context, http }),
    };
  }

  private async *start(request: VideoRequest, context: UpstreamContext<unknown>) {
    await this.onStart();
    const { http, signal } = context;
    if (this.plan[0] === 'prepare first') {
      this.plan.shift();
      yield { type: 'prepared' as const, facts: { post: 'p1' } };
    }
    const answer = await http.request({ method: 'POST', url: 'http://vendor/videos', body: request.prompt, signal });
    yield { type: 'accepted' as const, operation: { id: await answer.text() } };
  }

  private look(operation: Operation): OperationStep {
    const one = this.made.find(({ id }) => id === operation['id']);
    if (one?.status === 'done') {
      const files = [{ url: 'http://vendor/file', role: 'result' as const, needsCredential: true }];
      return { type: 'done', operation, files, facts: { durationSeconds: 4 } };
    }
    if (one?.status === 'running') return { type: 'running', operation, progress: one.progress };
    return { type: 'failed', operation, error: { code: 'content_refused', message: 'Refused by the vendor.' } };
  }

  private find(intent: SubmitIntent<VideoRequest>): Operation | undefined {
    this.finds += 1;
    if (this.isDown) throw new GatewayError('upstream_unreachable', 'Down.', { saw: 'nothing' });
    const one = this.made.find(({ id, prompt }) => prompt === intent.request.prompt && !intent.owned.has(id));
    return one && { id: one.id };
  }

  private file(): HttpResponse {
    const fate = this.files.shift();
    if (fate === 'expired') throw new GatewayError('upstream_error', 'Gone.', { upstreamStatus: 403 });
    if (fate === 'page') return response(Buffer.from('<html>no</html>'));
    return fate === 'truncated' ? response(MP4.subarray(0, 200), MP4.length) : response(MP4);
  }
}

function lost(): GatewayError {
  return new GatewayError('upstream_interrupted', 'Reset.', { saw: 'unknown' });
}

function response(bytes: Buffer, told = bytes.length): HttpResponse {
  return {
    status: 200,
    headers: { 'content-length': String(told) },
    body: (async function* () {
      yield bytes;
    })(),
    text: async () => bytes.toString(),
    discard() {},
  };
}
