import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp, type FakeAnswer, type FakeHttp } from '@sluice/upstream-kit/fake-http';
import type { JobStep, OperationStep } from '@sluice/upstream-kit/job';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { video } from './veo-video.js';

const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS, after: () => () => undefined };
const MODEL = 'veo-3.1-generate-preview';
const NAME = `models/${MODEL}/operations/abc123`;
const URI = 'https://generativelanguage.googleapis.com/v1beta/files/xyz789:download?alt=media';
const request: VideoRequest = { model: MODEL, prompt: 'a cat' };
const picture = { key: 'k', mediaType: 'image/png', bytes: 5 };
const accepted = JSON.stringify({ name: NAME });

const cases = jobConformance({
  job: video,
  request,
  context: ({ http, signal }) => createTestContext({ http, signal, model: MODEL }),
  accepted: { bare: accepted, 'with metadata': JSON.stringify({ name: NAME, metadata: {}, done: false }) },
  operation: { id: NAME },
  secret: 'key-sealed',
});

describe('veo, as every job', () => {
  for (const { name, run } of cases) it(name, run);
});

interface Asked extends Partial<VideoRequest> {
  by?: string;
  kind?: string;
}

async function start({ by = MODEL, kind = 'api-key', ...more }: Asked, http: FakeHttp): Promise<JobStep[]> {
  const readMedia = async function* () {
    yield Buffer.from('PNG');
  };
  const steps: JobStep[] = [];
  const context = createTestContext({ http, clock, readMedia, model: by, kind });
  for await (const step of video.start({ ...request, ...more }, context)) steps.push(step);
  return steps;
}

async function sent(asked: Asked): Promise<unknown> {
  const http = createFakeHttp({ pieces: [accepted] });
  await start(asked, http);
  return JSON.parse(String(http.requests[0]?.body));
}

/** What is refused before anything is sent. */
async function refused(asked: Asked): Promise<GatewayError> {
  const http = createFakeHttp({ pieces: [accepted] });
  const thrown: unknown = await start(asked, http).catch((error: unknown) => error);
  if (!(thrown instanceof GatewayError)) throw new Error('not refused');
  expect(http.requests).toEqual([]);
  expect(thrown.data.saw).toBe('nothing');
  return thrown;
}

describe('a submission', () => {
  it('says what was asked and no more', async () => {
    const http = createFakeHttp({ pieces: [accepted] });
    const made = { seconds: 8, size: '1280x720' };
    expect(await start({}, http)).toEqual([{ type: 'accepted', operation: { id: NAME, made } }]);
    expect(http.requests[0]).toMatchObject({
      url: `http://upstream.test/v1beta/models/${MODEL}:predictLongRunning`,
      headers: { 'x-goog-api-key': 'key-sealed' },
    });
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      instances: [{ prompt: 'a cat' }],
      parameters: { sampleCount: 1 },
    });
  });

  it('tells a size as a ratio and a resolution, seconds as a number, and the options of this upstream', async () => {
    const providerOptions = { gemini: { negativePrompt: 'dogs', personGeneration: 'allow_adult' } };
    const asked = { size: { width: 1080, height: 1920 }, durationSeconds: 8, providerOptions };
    expect(await sent(asked)).toMatchObject({
      parameters: {
        aspectRatio: '9:16',
        resolution: '1080p',
        durationSeconds: 8,
        negativePrompt: 'dogs',
        personGeneration: 'allow_adult',
      },
    });
  });

  it('has each picture in its place', async () => {
    const roles = ['first-frame', 'last-frame', 'reference'] as const;
    const references = roles.map((role) => ({ role, media: picture }));
    const image = { bytesBase64Encoded: Buffer.from('PNG').toString('base64'), mimeType: 'image/png' };
    expect(await sent({ references })).toMatchObject({
      instances: [{ image, lastFrame: image, referenceImages: [{ image, referenceType: 'asset' }] }],
    });
  });

  it('notes how long and large the film becomes, which Google never tells', async () => {
    const noted = async (asked: Asked) => {
      const [step] = await start(asked, createFakeHttp({ pieces: [accepted] }));
      return step?.type === 'accepted' ? step.operation['made'] : undefined;
    };
    expect(await noted({ durationSeconds: 6, aspectRatio: '9:16' })).toEqual({ seconds: 6, size: '720x1280' });
    expect(await noted({ resolution: '1080p' })).toEqual({ seconds: 8, size: '1920x1080' });
    const file = { uri: URI, expiresAtMs: NOW_MS + 1 };
    const operation = { id: NAME, file, made: { seconds: 8, size: '720x1280' } };
    const source = { relation: 'extension' as const, generationId: 'gen_1', operation };
    expect(await noted({ source })).toEqual({ seconds: 15, size: '720x1280' });
    // Of before this was noted.
    expect(await noted({ source: { ...source, operation: { id: NAME, file } } })).toEqual({});
  });

  it('goes on from a video that Veo made', async () => {
    const operation = { id: NAME, file: { uri: URI, expiresAtMs: NOW_MS + 1 } };
    const source = { relation: 'extension' as const, generationId: 'gen_1', operation };
    expect(await sent({ source, durationSeconds: 7 })).toEqual({
      instances: [{ prompt: 'a cat', video: { uri: URI } }],
      parameters: { sampleCount: 1 },
    });
    const expired = { ...source, operation: { id: NAME, file: { uri: URI, expiresAtMs: NOW_MS } } };
    expect((await refused({ source: expired })).message).toContain('two days');
    expect((await refused({ source: { relation: 'remix', generationId: 'gen_1' } })).code).toBe('unsupported');
  });

  it.each<[string, Asked, string, string]>([
    ['25 seconds', { durationSeconds: 25 }, 'durationSeconds', '4, 6, 8'],
    ['4 seconds of Veo 2', { by: 'veo-2.0-generate-001', durationSeconds: 4 }, 'durationSeconds', '5, 6, 7, 8'],
    ['4 seconds in 1080p', { durationSeconds: 4, resolution: '1080p' }, 'durationSeconds', '8.'],
    ['4k of the small one', { by: 'veo-3.1-lite-generate-preview', resolution: '4k' }, 'resolution', '720p, 1080p'],
    ['a square', { aspectRatio: '1:1' }, 'aspectRatio', '16:9, 9:16'],
    ['a size between', { size: { width: 640, height: 480 } }, 'size', '1280x720'],
    ['two videos', { providerOptions: { gemini: { sampleCount: 2 } } }, 'sampleCount', 'one video'],
    [
      'a last frame of Veo 3',
      { by: 'veo-3.0-generate-001', references: [{ role: 'last-frame', media: picture }] },
      'references',
      'first',
    ],
  ])('%s is refused with what can be', async (_name, asked, param, can) => {
    const error = await refused(asked);
    expect(error.data).toMatchObject({ code: 'unsupported', saw: 'nothing', param });
    expect(error.message).toContain(can);
  });

  it('is not made by a key of Vertex AI, whose other models are as they were', async () => {
    expect((await refused({ kind: 'vertex-express' })).data).toMatchObject({
      code: 'upstream_forbidden',
      scope: 'model',
    });
  });
});

async function poll(answers: FakeAnswer[], operation: object = { id: NAME }): Promise<OperationStep | undefined> {
  const http = createFakeHttp(...answers);
  const [step] = (await video.poll?.([operation as never], createTestContext({ http, clock }))) ?? [];
  return step;
}

const told = (value: object): FakeAnswer => ({ pieces: [JSON.stringify({ name: NAME, ...value })] });
const done = (generateVideoResponse: object) => told({ done: true, response: { generateVideoResponse } });

describe('a look', () => {
  it('finds it running, then done, with the file at the account’s own address', async () => {
    expect(await poll([told({})])).toEqual({ type: 'running', operation: { id: NAME } });
    const expiresAtMs = NOW_MS + 2 * 24 * 60 * 60_000;
    expect(await poll([done({ generatedSamples: [{ video: { uri: URI } }] })])).toEqual({
      type: 'done',
      operation: { id: NAME, file: { uri: URI, expiresAtMs } },
      files: [
        {
          url: 'http://upstream.test/v1beta/files/xyz789:download?alt=media',
          role: 'result',
          needsCredential: true,
          expiresAtMs,
        },
      ],
      facts: {},
    });
  });

  it('tells of a finished one what was noted of it, and keeps it for whoever goes on', async () => {
    const made = { seconds: 6, size: '720x1280' };
    const step = await poll([done({ generatedSamples: [{ video: { uri: URI } }] })], { id: NAME, made });
    expect(step).toMatchObject({ facts: { durationSeconds: 6, size: '720x1280' }, operation: { made } });
  });

  it('tells a filtered video as a refused content, in Google’s words', async () => {
    const step = await poll([done({ raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['Faces of children.'] })]);
    expect(step).toMatchObject({ type: 'failed', error: { code: 'content_refused', message: 'Faces of children.' } });
    expect(await poll([done({})])).toMatchObject({ type: 'failed', error: { code: 'upstream_bad_answer' } });
  });

  it.each([
    [3, 'bad aspect', 'invalid_request'],
    [3, 'The prompt violates our usage guidelines.', 'content_refused'],
    [8, 'busy', 'upstream_overloaded'],
    [13, 'internal', 'upstream_error'],
    [99, 'what', 'upstream_error'],
  ])('error %i, %s, is %s, and final', async (code, message, expected) => {
    const step = await poll([told({ done: true, error: { code, message } })]);
    expect(step).toMatchObject({ type: 'failed', error: { code: expected, message, saw: 'refused' } });
  });

  it('does not give a video up for one "not found", and does after five in five minutes', async () => {
    const missing = {
      status: 404,
      pieces: ['{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}'],
    };
    expect(await poll([missing])).toEqual({
      type: 'running',
      operation: { id: NAME, missing: { sinceMs: NOW_MS, looks: 1 } },
    });
    const long = { id: NAME, missing: { sinceMs: NOW_MS - 300_000, looks: 4 } };
    expect(await poll([missing], long)).toMatchObject({ type: 'failed', error: { reason: 'expired' } });
  });

  it('takes an error in place of an operation for the call’s failure', async () => {
    const overloaded = { pieces: ['{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}'] };
    await expect(poll([overloaded])).rejects.toMatchObject({ code: 'upstream_overloaded' });
  });
});

describe('a download', () => {
  const file = {
    url: 'http://upstream.test/v1beta/files/x:download?alt=media',
    role: 'result',
    needsCredential: true,
  } as const;
  const moved = (location: string): FakeAnswer => ({ status: 302, headers: { location } });

  it('shows the key at home, through redirects, and nowhere else', async () => {
    const film = { headers: { 'content-type': 'video/mp4' }, pieces: ['film'] };
    const http = createFakeHttp(moved('/download/x'), film);
    const response = await video.open?.(file, createTestContext({ http }));
    expect(await response?.text()).toBe('film');
    expect(http.requests.map(({ headers }) => headers?.['x-goog-api-key'])).toEqual(['key-sealed', 'key-sealed']);
    const away = createFakeHttp(moved('https://elsewhere.test/x'));
    expect((await video.open?.(file, createTestContext({ http: away })))?.status).toBe(302);
    expect(away.requests).toHaveLength(1);
  });

  it('is no JSON with a 200', async () => {
    const http = createFakeHttp({ headers: { 'content-type': 'application/json' }, pieces: ['{}'] });
    await expect(video.open?.(file, createTestContext({ http }))).rejects.toMatchObject({
      code: 'upstream_bad_answer',
    });
    expect(http.openBodies()).toBe(0);
  });
});
