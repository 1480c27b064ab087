import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest } from '@sluice/contracts/http-port';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { JobStep, OperationStep, UpstreamFile } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { SoraCredential } from '@sluice/upstream-sora/sora.credential';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { fetchFile } from '@sluice/worker-runtime/fetch-file';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

// The simulator shares no code with the adapter, nor a process: it is the program that is built.
const PROGRAM = fileURLToPath(new URL('../../simulator/dist/main.js', import.meta.url));
const PICTURE = { key: 'k', mediaType: 'image/png', bytes: 4 };
const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
const sent: HttpRequest[] = [];
const job = sora.jobs?.video;
let simulator: ChildProcess;
let url = '';
let lastPrompt = 0;
let account = '';

beforeAll(async () => {
  simulator = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (simulator.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(simulator.stdout), 'line')) as [string];
  ({ url } = JSON.parse(line) as { url: string });
});
// Each test in an account of its own: a listing shows only that.
beforeEach(() => {
  account = `sk-medium-${lastPrompt}`;
});
afterAll(async () => {
  simulator.kill();
  await agents.close();
});

function wayOut({ allowPrivateNetwork }: Pick<Lease, 'allowPrivateNetwork'>): HttpPort {
  const port = createHttpPort({ allowPrivateNetwork, agents });
  return {
    request(request) {
      sent.push(request);
      return port.request(request);
    },
  };
}

function context(): UpstreamContext<SoraCredential> {
  return {
    credential: { apiKey: account },
    credentialId: 'credential-1',
    kind: 'videos-api',
    baseUrl: `${url}/v1`,
    http: wayOut({ allowPrivateNetwork: true }),
    clock: systemClock,
    signal: AbortSignal.timeout(10_000),
    model: 'sim-video',
    isStreamed: false,
    generationId: `gen_${lastPrompt}`,
    readMedia: async function* () {
      yield Buffer.from('\u0089PN', 'latin1');
      yield Buffer.from('G');
    },
  };
}

/** A prompt that no other test uses. */
function ask(markers: string, more: Partial<VideoRequest> = {}): VideoRequest {
  lastPrompt += 1;
  return { model: 'sim-video', prompt: `film ${lastPrompt}. [[sim:${markers}]]`, ...more };
}

async function start(request: VideoRequest): Promise<Operation> {
  const steps: JobStep[] = [];
  for await (const step of job?.start(request, context()) ?? []) steps.push(step);
  const [first] = steps;
  if (first?.type !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(steps)}`);
  return first.operation;
}

async function look(operation: Operation): Promise<OperationStep> {
  const [step] = (await job?.poll?.([operation], context())) ?? [];
  if (step === undefined) throw new Error('no step');
  return step;
}

/** The steps up to the end, which the vendor's own clock brings. */
async function follow(operation: Operation): Promise<OperationStep[]> {
  const steps: OperationStep[] = [];
  for (;;) {
    const step = await look(operation);
    steps.push(step);
    if (step.type !== 'running') return steps;
  }
}

async function fileOf(operation: Operation): Promise<UpstreamFile> {
  const last = (await follow(operation)).at(-1);
  const file = last?.type === 'done' ? last.files[0] : undefined;
  if (file === undefined || 'bytes' in file) throw new Error(`no file: ${JSON.stringify(last)}`);
  return file;
}

/** As the worker does it, with a credential that may reach this machine. */
async function download(file: UpstreamFile): Promise<Buffer> {
  const { baseUrl, credentialId, kind, credential: secret, signal } = context();
  const lease = { id: '', epoch: 0, expiresAtMs: 0, allowPrivateNetwork: true, credentialId, kind, secret, baseUrl };
  const deps = { upstream: sora, clock: systemClock, httpFor: wayOut, isPrivateStorageAllowed: false };
  const response = await fetchFile(deps, { file, kind: 'video', lease, baseUrl, signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function shown(
  prompt: string,
): Promise<{ submissions: { accepted: number }[]; videos: Record<string, unknown>[] }> {
  const answer = await fetch(`${url}/__control/videos?prompt=${encodeURIComponent(prompt)}`);
  return (await answer.json()) as Awaited<ReturnType<typeof shown>>;
}

const isMp4 = (bytes: Buffer): boolean => bytes.toString('latin1', 4, 8) === 'ftyp';

it('makes a video from a picture, tells its progress and fetches it', async () => {
  const request = ask('video-ms=900,queue-ms=20', {
    durationSeconds: 8,
    size: { width: 1280, height: 720 },
    references: [{ role: 'first-frame', media: PICTURE }],
  });
  const operation = await start(request);
  const steps = await follow(operation);
  expect(steps.some((step) => step.type === 'running' && (step.progress ?? 0) > 0)).toBe(true);
  expect(steps.at(-1)).toMatchObject({ type: 'done', facts: { durationSeconds: 8, size: '1280x720' } });
  expect(isMp4(await download(await fileOf(operation)))).toBe(true);
  expect((await shown(request.prompt)).videos).toMatchObject([
    { references: [{ field: 'input_reference', mediaType: 'image/png', bytes: 4 }], seconds: '8' },
  ]);
});

it.each(['synonyms', 'shouting'])(
  'understands a vendor that says it in %s, in fractions, leanly',
  async (vocabulary) => {
    const markers = `video-ms=60,queue-ms=0,fraction-progress,numeric-seconds,lean,vocabulary=${vocabulary}`;
    expect((await follow(await start(ask(markers)))).at(-1)?.type).toBe('done');
  },
);

it.each([
  ['video-fails', 'upstream_error'],
  ['moderated', 'content_refused'],
])('tells the end of a video with %s', async (marker, code) => {
  const steps = await follow(await start(ask(`video-ms=40,${marker}`)));
  expect(steps.at(-1)).toMatchObject({ type: 'failed', error: { code } });
});

it.each(['lost-reply', 'status=500', 'html', 'garbage-json', 'status=502,html'])(
  'finds what was taken on though the answer was lost to %s',
  async (fault) => {
    const request = ask(`accept-first,video-ms=40,${fault}`);
    const submittedAtMs = Date.now();
    const error = toGatewayError(await start(request).catch((thrown: unknown) => thrown));
    expect(error.data.saw).toBe('unknown');
    const intent = { request, generationId: 'g', submittedAtMs, owned: new Set<string>() };
    const found = await job?.find?.(intent, context());
    expect(found && (await follow(found)).at(-1)?.type).toBe('done');
    expect((await shown(request.prompt)).submissions).toMatchObject([{ accepted: 1 }]);
    const owned = new Set([String(found?.['id'])]);
    expect(await job?.find?.({ ...intent, owned }, context())).toBeUndefined();
  },
);

it('finds nothing where nothing was taken on', async () => {
  const request = ask('lost-reply');
  const error = toGatewayError(await start(request).catch((thrown: unknown) => thrown));
  expect(error.data.saw).toBe('unknown');
  const intent = { request, generationId: 'g', submittedAtMs: Date.now(), owned: new Set<string>() };
  expect(await job?.find?.(intent, context())).toBeUndefined();
});

it.each([401, 429, 503])('goes on with a video after a %i in the middle', async (status) => {
  const operation = await start(ask(`video-ms=0,poll-status=${status},video-ms=500`));
  await look(operation);
  await expect(look(operation)).rejects.toMatchObject({ data: { upstreamStatus: status } });
  expect((await look(operation)).type).toBe('running');
});

it('follows the redirect to another host without the key, and finds a fresh link after a dead one', async () => {
  const file = await fileOf(await start(ask('video-ms=0,content=redirect,expired-link')));
  await expect(download(file)).rejects.toMatchObject({ code: 'upstream_bad_answer', data: { upstreamStatus: 403 } });
  sent.length = 0;
  expect(isMp4(await download(file))).toBe(true);
  expect(sent.map(({ url: asked, headers }) => [new URL(asked).hostname, headers?.['authorization']])).toEqual([
    ['127.0.0.1', `Bearer ${account}`],
    ['localhost', undefined],
  ]);
});

it.each(['truncated', 'wrong-length'])('fails on a %s file, and has it whole the next time', async (marker) => {
  const file = await fileOf(await start(ask(`video-ms=0,${marker}`)));
  await expect(download(file)).rejects.toMatchObject({ code: expect.stringMatching(/^upstream_/) as string });
  expect(isMp4(await download(file))).toBe(true);
});

it('remixes, extends and cancels', async () => {
  const operation = await start(ask('video-ms=0', { durationSeconds: 4 }));
  await follow(operation);
  const source = { generationId: 'g', operation };
  await start(ask('video-ms=0', { source: { relation: 'remix', ...source } }));
  const extended = await start(ask('video-ms=0', { durationSeconds: 8, source: { relation: 'extension', ...source } }));
  expect(await look(extended)).toMatchObject({ facts: { durationSeconds: 12 } });
  const endless = await start(ask('stuck-at=99'));
  await job?.cancel?.(endless, context());
  expect(await look(endless)).toMatchObject({ type: 'failed', error: { upstreamCode: 'cancelled' } });
  await expect(job?.cancel?.(await start(ask('stuck-at=99,no-cancel')), context())).rejects.toMatchObject({
    code: 'unsupported',
  });
});

it('looks at an account', async () => {
  expect(await sora.probe?.(context())).toEqual({ isUsable: true });
});
