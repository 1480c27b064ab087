import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@sluice/contracts/clock';
import type { HttpRequest } from '@sluice/contracts/http-port';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { Job, JobRequests, JobStep, OperationStep, UpstreamFile } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { SoraCredential, WebCredential } from '@sluice/upstream-sora/sora.credential';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { fetchFile } from '@sluice/worker-runtime/fetch-file';

// The simulator shares no code with the adapter, nor a process: it is the program that is built.
const PROGRAM = fileURLToPath(new URL('../../../simulator/dist/main.js', import.meta.url));

export const PICTURE = { key: 'k', mediaType: 'image/png', bytes: 4 };
/** Made at once. */
export const QUICK = '[[sim:queueMs=0,videoMs=60,lagMs=20]]';

type Made = 'image' | 'video' | 'character';

/** The simulated website, and the adapter before it. */
export class SimulatedSite {
  readonly sent: HttpRequest[] = [];
  /** Of the test that runs. */
  account = '';
  count = 0;
  private url = '';
  private simulator: ChildProcess | undefined;
  private readonly agents = createHttpAgents({ connectTimeoutMs: 1_000 });
  private readonly port = createHttpPort({ allowPrivateNetwork: true, agents: this.agents });
  private readonly http = {
    request: (request: HttpRequest) => {
      this.sent.push(request);
      return this.port.request(request);
    },
  };

  async open(): Promise<void> {
    const simulator = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(simulator.stdout), 'line')) as [string];
    ({ url: this.url } = JSON.parse(line) as { url: string });
    this.simulator = simulator;
  }

  /** Each test in an account of its own. */
  next(): void {
    this.count += 1;
    this.account = `plus${this.count}`;
    this.sent.length = 0;
  }

  async close(): Promise<void> {
    this.simulator?.kill();
    await this.agents.close();
  }

  context(model = 'sora-2', credential?: WebCredential): UpstreamContext<SoraCredential> {
    return {
      credential: credential ?? { accessToken: `sim-at-${this.account}` },
      credentialId: `credential-${this.account}`,
      kind: 'session',
      baseUrl: `${this.url}/sora`,
      http: this.http,
      clock: systemClock,
      signal: AbortSignal.timeout(15_000),
      model,
      isStreamed: false,
      generationId: `gen_${this.count}`,
      readMedia: async function* () {
        yield Buffer.from('\u0089PNG', 'latin1');
      },
    };
  }

  jobOf<Kind extends Made>(kind: Kind): Job<Kind, SoraCredential> {
    const job = sora.jobs?.[kind] as Job<Kind, SoraCredential> | undefined;
    if (job === undefined) throw new Error('no job');
    return job;
  }

  /** A prompt that no other test uses. */
  video(prompt: string, more: Partial<VideoRequest> = {}): VideoRequest {
    return { model: 'm', prompt: `film ${this.count}: ${prompt}`, ...more };
  }

  async start<Kind extends Made>(kind: Kind, request: JobRequests[Kind], own = this.context()): Promise<Operation> {
    const steps: JobStep[] = [];
    for await (const step of this.jobOf(kind).start(request, own)) steps.push(step);
    const first = steps.find(({ type }) => type !== 'prepared');
    if (first?.type !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(steps)}`);
    return first.operation;
  }

  /** The steps up to the end, which the site's own clock brings. */
  async follow(kind: Made, operation: Operation, own = this.context()): Promise<OperationStep[]> {
    const steps: OperationStep[] = [];
    for (let known = operation; ;) {
      const [step] = (await this.jobOf(kind).poll?.([known], own)) ?? [];
      if (step === undefined) throw new Error('no step');
      steps.push(step);
      if (step.type !== 'running') return steps;
      known = step.operation;
    }
  }

  async endOf(request: VideoRequest, own = this.context()): Promise<OperationStep | undefined> {
    return (await this.follow('video', await this.start('video', request, own), own)).at(-1);
  }

  /** As the worker does it. */
  async download(kind: Made, step: OperationStep | undefined): Promise<Buffer> {
    const [file] = step?.type === 'done' ? (step.files as UpstreamFile[]) : [];
    if (file === undefined) throw new Error(`no file: ${JSON.stringify(step)}`);
    const { baseUrl, credentialId, credential: secret, signal, kind: held } = this.context();
    const lease = { id: '', epoch: 0, expiresAtMs: 0, allowPrivateNetwork: true, credentialId, kind: held, secret, baseUrl };
    const deps = { upstream: sora, clock: systemClock, httpFor: () => this.http, isPrivateStorageAllowed: false };
    const response = await fetchFile(deps, { file, kind, lease, baseUrl, signal });
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async control(path: string, body?: object): Promise<Record<string, unknown>> {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/__control/${path}`, init);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Record<string, unknown>;
  }

  wish(wishes: object): Promise<Record<string, unknown>> {
    return this.control('sora/accounts', { account: this.account, ...wishes });
  }

  shown(prompt: string, account?: string): Promise<Record<string, unknown>> {
    const query = new URLSearchParams({ prompt, ...(account !== undefined && { account }) });
    return this.control(`sora?${query.toString()}`);
  }
}

export function isMp4(bytes: Buffer): boolean {
  return bytes.toString('latin1', 4, 8) === 'ftyp';
}
