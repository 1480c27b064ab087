import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import type { Job, JobStep, MadeFile } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';

const PNG_HEAD = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Something that its first bytes prove to be a PNG. */
export function png(text: string): Uint8Array {
  return Buffer.concat([Buffer.from(PNG_HEAD), Buffer.from(text)]);
}

type Plan = (context: UpstreamContext<unknown>) => AsyncIterable<JobStep>;

/** A vendor whose submitting call is the work itself, and does what a test wants. */
export class FakePainter {
  /** How often each prompt has been taken on, and is paid. */
  readonly taken: string[] = [];
  cancels = 0;
  /** After the request has arrived. */
  plan: Plan = async function* () {};

  /** The network to it: what comes here has arrived. */
  readonly http: HttpPort = {
    request: async ({ body, method, url }) => {
      if (method === 'GET') return answer(png(url));
      this.taken.push(String(body));
      return answer(png(''));
    },
  };

  readonly job: Job<'image', unknown> = {
    isAttended: true,
    start: (request, context) => this.start(request, context),
  };

  timesTaken(prompt: string): number {
    return this.taken.filter((one) => one === prompt).length;
  }

  private async *start({ prompt }: ImageRequest, context: UpstreamContext<unknown>): AsyncGenerator<JobStep> {
    const { http, signal } = context;
    await http.request({ method: 'POST', url: 'http://vendor/images', body: prompt, signal });
    yield* this.plan(context);
  }
}

export const operation = { id: 'paint' };

export function made(files: MadeFile[], facts?: JsonObject): JobStep {
  return { type: 'done', operation, files, ...(facts && { facts }) };
}

export function held(text: string): MadeFile {
  return { role: 'result', bytes: png(text) };
}

/** Waits until the runtime gives the call up. */
export function untilLeft({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = () => reject(new GatewayError('upstream_interrupted', 'The caller has left.', { saw: 'unknown' }));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
  });
}

function answer(bytes: Uint8Array) {
  return {
    status: 200,
    headers: { 'content-length': String(bytes.byteLength) },
    body: (async function* () {
      yield bytes;
    })(),
    text: async () => '',
    discard() {},
  };
}
