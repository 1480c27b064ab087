import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpRequest } from '@sluice/contracts/http-port';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Operation } from '@sluice/contracts/operation';
import type { VideoRequest } from '@sluice/contracts/video';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { Job, JobKind, JobRequests, JobStep, OperationStep, UpstreamFile } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { SoraCredential, WebCredential } from '@sluice/upstream-sora/sora.credential';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { fetchFile } from '@sluice/worker-runtime/fetch-file';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// The simulator shares no code with the adapter, nor a process: it is the program that is built.
const PROGRAM = fileURLToPath(new URL('../../simulator/dist/main.js', import.meta.url));
const PICTURE = { key: 'k', mediaType: 'image/png', bytes: 4 };
const QUICK = '[[sim:queueMs=0,videoMs=60,lagMs=20]]';
const agents = createHttpAgents({ connectTimeoutMs: 1_000 });
const port = createHttpPort({ allowPrivateNetwork: true, agents });
const sent: HttpRequest[] = [];
const http = { request: (request: HttpRequest) => (sent.push(request), port.request(request)) };
let simulator: ChildProcess;
let url = '';
let count = 0;
let account = '';

beforeAll(async () => {
  simulator = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (simulator.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(simulator.stdout), 'line')) as [string];
  ({ url } = JSON.parse(line) as { url: string });
});
// Each test in an account of its own.
beforeEach(() => {
  count += 1;
  account = `plus${count}`;
  sent.length = 0;
});
afterAll(async () => {
  simulator.kill();
  await agents.close();
});

function context(model = 'sora-2', credential?: WebCredential): UpstreamContext<SoraCredential> {
  return {
    credential: credential ?? { accessToken: `sim-at-${account}` },
    credentialId: `credential-${account}`,
    kind: 'session',
    baseUrl: `${url}/sora`,
    http,
    clock: systemClock,
    signal: AbortSignal.timeout(10_000),
    model,
    isStreamed: false,
    generationId: `gen_${count}`,
    readMedia: async function* () {
      yield Buffer.from('\u0089PNG', 'latin1');
    },
  };
}

function jobOf<Kind extends 'image' | 'video'>(kind: Kind): Job<Kind, SoraCredential> {
  const job = sora.jobs?.[kind] as Job<Kind, SoraCredential> | undefined;
  if (job === undefined) throw new Error('no job');
  return job;
}

async function start<Kind extends JobKind & ('image' | 'video')>(
  kind: Kind,
  request: JobRequests[Kind],
  own = context(),
): Promise<Operation> {
  const steps: JobStep[] = [];
  for await (const step of jobOf(kind).start(request, own)) steps.push(step);
  const [first] = steps;
  if (first?.type !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(steps)}`);
  return first.operation;
}

/** The steps up to the end, which the site's own clock brings. */
async function follow(kind: 'image' | 'video', operation: Operation, own = context()): Promise<OperationStep[]> {
  const steps: OperationStep[] = [];
  for (let known = operation; ;) {
    const [step] = (await jobOf(kind).poll?.([known], own)) ?? [];
    if (step === undefined) throw new Error('no step');
    steps.push(step);
    if (step.type !== 'running') return steps;
    known = step.operation;
  }
}

const video = (prompt: string, more: Partial<VideoRequest> = {}): VideoRequest => ({
  model: 'm',
  prompt: `film ${count}: ${prompt}`,
  ...more,
});
const picture = (prompt: string, more: Partial<ImageRequest> = {}): ImageRequest => ({ model: 'm', prompt, ...more });

async function endOf(request: VideoRequest, own = context()) {
  return (await follow('video', await start('video', request, own), own)).at(-1);
}

/** As the worker does it. */
async function download(kind: 'image' | 'video', step: OperationStep | undefined): Promise<Buffer> {
  const [file] = step?.type === 'done' ? (step.files as UpstreamFile[]) : [];
  if (file === undefined) throw new Error(`no file: ${JSON.stringify(step)}`);
  const { baseUrl, credentialId, credential: secret, signal } = context();
  const lease = {
    id: '',
    epoch: 0,
    expiresAtMs: 0,
    allowPrivateNetwork: true,
    credentialId,
    kind: 'session',
    secret,
    baseUrl,
  };
  const deps = { upstream: sora, clock: systemClock, httpFor: () => http, isPrivateStorageAllowed: false };
  const response = await fetchFile(deps, { file, kind, lease, baseUrl, signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function control(path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}/__control/${path}`, init);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Record<string, unknown>;
}

const wish = (wishes: object) => control('sora/accounts', { account, ...wishes });
const shown = (prompt: string) => control(`sora?prompt=${encodeURIComponent(prompt)}`);
const isMp4 = (bytes: Buffer): boolean => bytes.toString('latin1', 4, 8) === 'ftyp';

describe('a video', () => {
  it('is made from a picture, its progress told, its file fetched without the account', async () => {
    const request = video('[[sim:queueMs=20,videoMs=150]]', {
      durationSeconds: 15,
      size: { width: 1280, height: 720 },
      references: [{ role: 'first-frame', media: PICTURE }],
      providerOptions: { sora: { style: 'anime' } },
    });
    const steps = await follow('video', await start('video', request));
    expect(steps.some((step) => step.type === 'running' && (step.progress ?? 0) > 0)).toBe(true);
    expect(steps.at(-1)).toMatchObject({ type: 'done', facts: { durationSeconds: 15, rendition: 'usual' } });
    expect(isMp4(await download('video', steps.at(-1)))).toBe(true);
    const { headers, url: fetched } = sent.at(-1) ?? { url: '' };
    expect(fetched).toContain('/sora/az/files/');
    expect(headers?.['authorization']).toBeUndefined();
    expect(await shown(request.prompt)).toMatchObject({
      tasks: [
        { frames: 450, orientation: 'landscape', request: { style_id: 'anime', inpaint_items: [{ kind: 'upload' }] } },
      ],
    });
  });

  it('that is an account’s own is remixed, extended, and told as a storyboard', async () => {
    const made = await endOf(video(QUICK));
    const operation = made?.operation ?? {};
    const source = { generationId: 'g', operation };
    expect(await endOf(video(`as a dog ${QUICK}`, { source: { relation: 'remix', ...source } }))).toMatchObject({
      type: 'done',
    });
    const posts = () =>
      sent.filter(({ url: asked, method }) => asked.endsWith('/project_y/post') && method === 'POST').length;
    expect(posts()).toBe(1);
    await endOf(video(`as a cow ${QUICK}`, { source: { relation: 'remix', ...source } }));
    expect(posts()).toBe(1);
    const longer = await endOf(
      video(`and on ${QUICK}`, { durationSeconds: 15, source: { relation: 'extension', ...source } }),
    );
    expect(longer).toMatchObject({ type: 'done', facts: { durationSeconds: 25 } });
    const shots = [
      { seconds: '5.0', scene: 'one' },
      { seconds: 5, scene: `two ${QUICK}` },
    ];
    const request = video('in winter', { providerOptions: { sora: { storyboard: { shots } } } });
    expect(await endOf(request)).toMatchObject({ type: 'done' });
    const { tasks } = (await shown('Scene: one')) as { tasks: { prompt: string; operation: string }[] };
    expect(tasks).toMatchObject([
      { operation: 'storyboard', prompt: expect.stringContaining('duration: 5.0sec\nScene: one') },
    ]);
    expect(tasks[0]?.prompt).toMatch(/^current timeline:\nShot 1:[^]*\n\ninstructions:\nfilm \d+: in winter$/);
  });

  it('has the unmarked rendition where the account is entitled to it', async () => {
    const wanted = { providerOptions: { sora: { rendition: 'unmarked' } } };
    expect(await endOf(video(QUICK, wanted))).toMatchObject({ facts: { rendition: 'usual' } });
    account = `pro${count}`;
    const step = await endOf(video(QUICK, wanted));
    expect(step).toMatchObject({ facts: { rendition: 'unmarked' } });
    expect((await download('video', step)).toString('latin1')).toContain('plain');
  });

  it('is found on the second page of the drafts, and after the lists told nothing of it', async () => {
    const step = await endOf(video('[[sim:queueMs=0,videoMs=20,lagMs=80,newerDrafts=40]]'));
    expect(step).toMatchObject({ type: 'done' });
  });

  it.each([
    ['moderated', 'content_refused'],
    ['video-fails', 'upstream_error'],
  ])('with %s ends in %s', async (marker, code) => {
    expect(await endOf(video(`[[sim:${marker},queueMs=0,videoMs=20]]`))).toMatchObject({
      type: 'failed',
      error: { code },
    });
  });

  it.each(['lost-reply', 'status=500', 'html', 'garbage-json', 'status=502,html'])(
    'is found though the answer to it was lost to %s',
    async (fault) => {
      const request = video(`[[sim:accept-first,queueMs=0,videoMs=40,lagMs=0,${fault}]]`);
      const submittedAtMs = Date.now();
      const error = toGatewayError(await start('video', request).catch((thrown: unknown) => thrown));
      expect(error.data.saw).toBe('unknown');
      const intent = { request, generationId: 'g', submittedAtMs, owned: new Set<string>() };
      const found = await jobOf('video').find?.(intent, context());
      expect(found && (await follow('video', found)).at(-1)).toMatchObject({ type: 'done' });
      // Among the drafts by now.
      expect(await jobOf('video').find?.(intent, context())).toMatchObject({ id: found?.['id'] });
      expect(await shown(request.prompt)).toMatchObject({ submissions: [{ accepted: 1 }] });
      const owned = new Set([String(found?.['id'])]);
      expect(await jobOf('video').find?.({ ...intent, owned }, context())).toBeUndefined();
    },
  );

  it('is not found where it was never taken on', async () => {
    const request = video('[[sim:lost-reply]]');
    expect(toGatewayError(await start('video', request).catch((thrown: unknown) => thrown)).data.saw).toBe('unknown');
    const intent = { request, generationId: 'g', submittedAtMs: Date.now(), owned: new Set<string>() };
    expect(await jobOf('video').find?.(intent, context())).toBeUndefined();
  });

  it.each([
    [401, 'upstream_auth'],
    [429, 'upstream_rate_limited'],
    [503, 'upstream_error'],
  ])('goes on after a %i in the middle', async (status, code) => {
    const operation = await start('video', video(`[[sim:queueMs=0,videoMs=400,poll-status=${status}]]`));
    await jobOf('video').poll?.([operation], context());
    await expect(jobOf('video').poll?.([operation], context())).rejects.toMatchObject({ code });
    expect((await follow('video', operation)).at(-1)).toMatchObject({ type: 'done' });
  });

  it('has a fresh link after a dead one, and is whole after half of it', async () => {
    for (const marker of ['expired-link', 'truncated']) {
      const step = await endOf(video(`[[sim:queueMs=0,videoMs=10,${marker}]]`));
      await expect(download('video', step)).rejects.toBeDefined();
      expect(isMp4(await download('video', step))).toBe(true);
    }
  });
});

describe('what the site refuses', () => {
  const refused = (markers: string, request: Partial<VideoRequest> = {}, own = context()) =>
    start('video', video(`[[sim:${markers}]]`, request), own).then(
      () => undefined,
      (thrown: unknown) => toGatewayError(thrown).data,
    );

  it.each([
    ['status=500,error-code=heavy_load', 'upstream_overloaded'],
    ['status=400,error-code=phone_number_required', 'upstream_forbidden'],
    ['status=400,error-code=unsupported_country_code', 'challenge_required'],
    ['status=403,html', 'challenge_required'],
    ['status=429,html', 'challenge_required'],
    ['status=401,error-code=token_invalidated', 'upstream_auth'],
    ['status=400,error-code=sentinel_block', 'challenge_required'],
    ['status=400,error-message=Your image may depict a realistic human', 'content_refused'],
  ])('with %s is %s, and was not paid', async (markers, code) => {
    expect(await refused(markers)).toMatchObject({ code, saw: 'refused' });
  });

  it('by a fourth video at once asks for a little patience', async () => {
    const own = context();
    for (let index = 0; index < 3; index += 1) await start('video', video('[[sim:stuckAt=99]]'), own);
    expect(await refused('videoMs=0', {}, own)).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 5_000 });
  });

  it('by a quota that is used up tells when it begins anew', async () => {
    await wish({ limit: 1, resetSeconds: 600 });
    await endOf(video(QUICK));
    const error = await refused('videoMs=0');
    expect(error).toMatchObject({ code: 'upstream_quota_exhausted' });
    expect(error?.retryAfterMs).toBeGreaterThan(590_000);
  });

  it('by its plan can be routed on', async () => {
    expect(await refused('videoMs=0', { durationSeconds: 25 })).toMatchObject({
      code: 'unsupported',
      reason: 'plan',
      param: 'seconds',
    });
  });

  it('as a proof of work is tried again once, with another', async () => {
    await control('faults', {
      match: { path: '/sora/backend/nf/create', key: account },
      fault: { status: 400, errorCode: 'sentinel_block' },
      times: 1,
    });
    expect(await endOf(video(QUICK))).toMatchObject({ type: 'done' });
  });
});

describe('an account', () => {
  const probed = () => sora.probe?.(context());

  it('tells its plan and what is left', async () => {
    await wish({ limit: 7 });
    expect(await probed()).toMatchObject({ isUsable: true, plan: 'plus', quotas: [{ name: 'video', remaining: 7 }] });
  });

  it('is given Sora 2 and a name where it has none', async () => {
    await wish({ hasSora2: false, username: null });
    expect(await probed()).toMatchObject({ isUsable: true, quotas: [{ remaining: 30 }] });
    expect(await endOf(video(QUICK))).toMatchObject({ type: 'done' });
  });

  it('without Sora 2 makes pictures only', async () => {
    await wish({ hasSora2: false, joins: false });
    expect(await probed()).toMatchObject({
      isUsable: true,
      reason: expect.stringContaining('pictures'),
      quotas: [{ remaining: 0 }],
    });
  });

  it('whose quota is not told is not taken for empty', async () => {
    await control('faults', {
      match: { path: '/sora/backend/nf/check', key: account },
      fault: { status: 500 },
      times: 1,
    });
    expect(await probed()).toEqual({ isUsable: true, plan: 'plus' });
  });

  it('has its refresh token exchanged and kept anew: the old one is dead', async () => {
    const old = context('sora-2', { refreshToken: `rt_sim-${account}-1` });
    const fresh = (await sora.refresh?.(old)) as WebCredential;
    expect(fresh.refreshToken).toBe(`rt_sim-${account}-2`);
    expect(sora.expiresAtMs?.(fresh)).toBeGreaterThan(Date.now() + 86_400_000);
    expect(await endOf(video(QUICK), context('sora-2', fresh))).toMatchObject({ type: 'done' });
    await expect(sora.refresh?.(old)).rejects.toMatchObject({ code: 'upstream_auth' });
    await wish({ invalidate: 'access' });
    await expect(start('video', video(QUICK), context('sora-2', fresh))).rejects.toMatchObject({
      code: 'upstream_auth',
    });
  });

  it('falls back from a session that is over', async () => {
    await wish({ invalidate: 'session' });
    await expect(sora.refresh?.(context('sora-2', { sessionToken: `sim-st-${account}` }))).rejects.toMatchObject({
      code: 'upstream_auth',
    });
    account = `other${count}`;
    const tokens = { sessionToken: 'sim-nothing', refreshToken: `rt_sim-${account}-1` };
    expect(await sora.refresh?.(context('sora-2', tokens))).toMatchObject({ refreshToken: `rt_sim-${account}-2` });
    expect(await sora.refresh?.(context('sora-2', { sessionToken: `sim-st-${account}` }))).toMatchObject({
      accessToken: expect.stringMatching(/^eyJ/),
    });
  });
});

it('a picture is a task of a list of its own, and is remade from another', async () => {
  const own = context('gpt-image-landscape');
  const request = picture(`a cat ${QUICK}`, { pictures: [PICTURE] });
  const steps = await follow('image', await start('image', request, own), own);
  expect(steps.at(-1)).toMatchObject({ type: 'done', facts: { size: '540x360' } });
  expect((await download('image', steps.at(-1))).toString('latin1', 1, 4)).toBe('PNG');
  const bad = await follow('image', await start('image', picture('[[sim:moderated,videoMs=0]]'), own), own);
  expect(bad.at(-1)).toMatchObject({ type: 'failed', error: { code: 'content_refused' } });
});

it('a prompt is written out', async () => {
  const own = context('prompt-enhance-long-15s');
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'a cat' }] }];
  const parts = [];
  for await (const part of sora.chat?.({ model: 'm', messages }, own) ?? []) parts.push(part);
  expect(parts).toMatchObject([{ type: 'start' }, { text: 'Enhanced (long, 15 s): a cat' }, { type: 'finish' }]);
});
