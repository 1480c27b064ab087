import type { JsonObject } from '@sluice/contracts/json';
import type { VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { JobStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { createSolvedHttp } from './create-solved-http.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { createWebVideo } from './web.video.js';

const proofOfWork: ProofOfWork = { solve: () => Promise.resolve('c29sdmVk') };
const job = createWebVideo(proofOfWork);
const json = (value: object): FakeAnswer => ({ pieces: [JSON.stringify(value)] });
const TASK = json({ id: 'task_1' });
const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS, after: () => () => undefined };

async function make(request: Partial<VideoRequest>, { model = 'sora-2', answers = [TASK] } = {}) {
  const http = createFakeHttp(...answers);
  const context = createSessionContext({ http: createSolvedHttp(http), model, clock });
  const steps: JobStep[] = [];
  const run = async () => {
    for await (const step of job.start({ model: 'm', prompt: 'a cat', ...request }, context)) steps.push(step);
  };
  const error: unknown = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const bodies = http.requests.map(({ body }) => (typeof body === 'string' ? (JSON.parse(body) as JsonObject) : body));
  return { steps, error, bodies, requests: http.requests };
}

describe('a submission', () => {
  it('says what the page would say, and shows its proof', async () => {
    const { steps, bodies, requests } = await make({ durationSeconds: 15, aspectRatio: '16:9' });
    expect(steps).toEqual([{ type: 'accepted', operation: { id: 'task_1', acceptedAtMs: NOW_MS } }]);
    expect(bodies).toMatchObject([
      { kind: 'video', model: 'sy_8', n_frames: 450, orientation: 'landscape', size: 'small', inpaint_items: [] },
    ]);
    const { headers = {}, url } = requests[0] ?? { url: '' };
    expect(url).toBe('http://site.test/sora/backend/nf/create');
    expect(headers).toMatchObject({ authorization: 'Bearer sealed-token', origin: 'http://site.test' });
    expect(headers['oai-device-id']).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    expect(JSON.parse(headers['openai-sentinel-token'] ?? '')).toMatchObject({
      p: 'gAAAAABc29sdmVk~S',
      t: 'dx',
      c: 'gAAAAABtoken',
    });
  });

  it.each<[Partial<VideoRequest>, string, JsonObject]>([
    [{}, 'sora-2', { n_frames: 300, orientation: 'portrait', size: 'small' }],
    [{}, 'sora-2-25s', { n_frames: 750, model: 'sy_8' }],
    [
      { size: { width: 1080, height: 1920 } },
      'sora-2-pro',
      { model: 'sy_ore', size: 'large', orientation: 'portrait' },
    ],
    [{ aspectRatio: '1:1', resolution: 'hd' }, 'sora-2-pro', { size: 'large', orientation: 'square' }],
    [{ providerOptions: { sora: { style_id: 'retro' } } }, 'sora-2', { style_id: 'retro' }],
    [{ providerOptions: { sora: { characters: ['c1', { id: 'c2' }] } } }, 'sora-2', { cameo_ids: ['c1', 'c2'] }],
    [
      { providerOptions: { sora: { reference_ids: ['ref_1'] } } },
      'sora-2',
      { inpaint_items: [{ kind: 'reference', reference_id: 'ref_1' }] },
    ],
    [
      { providerOptions: { sora: { remix_target_id: `https://sora.test/p/s_${'0'.repeat(32)}` } } },
      'sora-2',
      { remix_target_id: `s_${'0'.repeat(32)}`, cameo_replacements: {} },
    ],
  ])('of %j with %s is %j', async (request, model, body) => {
    expect((await make(request, { model })).bodies).toMatchObject([body]);
  });

  it.each<[Partial<VideoRequest>, string, string]>([
    [{ durationSeconds: 8 }, 'sora-2', 'seconds'],
    [{ durationSeconds: 20 }, 'sora-2-pro', 'seconds'],
    [{ durationSeconds: 25, resolution: '1080p' }, 'sora-2-pro', 'seconds'],
    [{ size: { width: 1080, height: 1920 } }, 'sora-2', 'size'],
    [{ size: { width: 1024, height: 1792 } }, 'sora-2-pro', 'size'],
    [{ aspectRatio: '4:3' }, 'sora-2', 'aspect_ratio'],
    [{ resolution: '480p' }, 'sora-2', 'resolution'],
    [{}, 'kling', 'model'],
    [{ source: { relation: 'edit', generationId: 'g' } }, 'sora-2', 'video'],
    [{ source: { relation: 'remix', generationId: 'g' } }, 'sora-2', 'video'],
    [{ source: { relation: 'extension', generationId: 'g' }, durationSeconds: 25 }, 'sora-2', 'seconds'],
    [{ providerOptions: { sora: { characters: ['a', 'b', 'c', 'd'] } } }, 'sora-2', 'characters'],
    [{ providerOptions: { sora: { rendition: 'clean' } } }, 'sora-2', 'rendition'],
    [
      { source: { relation: 'remix', generationId: 'g' }, providerOptions: { sora: { remix_target_id: 's_1' } } },
      'sora-2',
      'remix_target_id',
    ],
    [
      {
        source: { relation: 'extension', generationId: 'g' },
        providerOptions: { sora: { extend_generation_id: 'gen_1' } },
      },
      'sora-2',
      'extend_generation_id',
    ],
    [{ providerOptions: { sora: { extend_generation_id: 'gen_1', style_id: 'retro' } } }, 'sora-2', 'style'],
    [{ providerOptions: { sora: { extend_generation_id: 'gen_1', reference_ids: ['r'] } } }, 'sora-2', 'reference_ids'],
  ])('of %j with %s is refused before anything is sent, for its %s', async (request, model, param) => {
    const { error, requests } = await make(request, { model });
    expect(error).toMatchObject({ code: 'unsupported', data: { param, saw: 'nothing' } });
    expect(requests).toHaveLength(0);
  });

  it('that broke with the words of a refused proof is not sent again: it may be paid', async () => {
    const broken = { status: 500, pieces: ['{"error":{"message":"Unable to process request"}}'] };
    const { error, requests } = await make({}, { answers: [broken, TASK] });
    expect(error).toMatchObject({ code: 'upstream_error', data: { saw: 'unknown' } });
    expect(requests).toHaveLength(1);
  });

  it('without a token asks for one before anything is sent', async () => {
    const http = createFakeHttp(TASK);
    const context = createSessionContext({ http, credential: { refreshToken: 'rt_1' } });
    const start = async () => {
      for await (const step of job.start({ model: 'm', prompt: 'p' }, context)) expect(step).toBeUndefined();
    };
    await expect(start()).rejects.toMatchObject({ data: { saw: 'nothing', reason: 'token_missing' } });
    expect(http.requests).toHaveLength(0);
  });

  it('that starts from a video reuses the post there is', async () => {
    const source = {
      relation: 'remix',
      generationId: 'g',
      operation: { id: 'task_0', generationId: 'gen_0' },
    } as const;
    const draft = json({ id: 'gen_0', post: { id: 's_1' } });
    const { bodies, requests } = await make({ source }, { answers: [draft, TASK] });
    expect(requests.map(({ url }) => url.replace(/^.*backend/, ''))).toEqual([
      '/project_y/profile/drafts/v2/gen_0',
      '/nf/create',
    ]);
    expect(bodies[1]).toMatchObject({ remix_target_id: 's_1' });
    expect(bodies[1]).not.toHaveProperty('size');
  });

  it('whose post fails was not paid', async () => {
    const source = {
      relation: 'remix',
      generationId: 'g',
      operation: { id: 'task_0', generationId: 'gen_0' },
    } as const;
    const { error } = await make({ source }, { answers: [json({ id: 'gen_0' }), { status: 500, pieces: ['{}'] }] });
    expect(error).toMatchObject({ data: { saw: 'refused' } });
  });
});

describe('a look', () => {
  const poll = async (answers: FakeAnswer[], ...operations: JsonObject[]) => {
    const http = createFakeHttp(...answers);
    const steps = await job.poll?.(operations, createSessionContext({ http, clock }));
    return { steps, http };
  };
  const operation = (id: string, more: JsonObject = {}) => ({ id, acceptedAtMs: NOW_MS - 1_000, ...more });
  const pending = (id: string, progress: number | null) => ({
    id,
    status: 'running',
    prompt: 'p',
    progress_pct: progress,
  });
  const draft = (taskId: string, more: JsonObject = {}) => ({
    id: `gen_${taskId}`,
    kind: 'sora_draft',
    task_id: taskId,
    created_at: NOW_MS / 1_000,
    downloadable_url: 'https://files.test/a.mp4',
    ...more,
  });

  it('is one for all of the account’s', async () => {
    const answer = json([pending('a', null), pending('b', 0.57), pending('c', 1)]);
    const { steps, http } = await poll([answer], operation('a'), operation('b'), operation('c'));
    expect(steps).toMatchObject([{ type: 'running' }, { progress: 57 }, { progress: 99 }]);
    expect(steps?.[0]).not.toHaveProperty('progress');
    expect(http.requests).toHaveLength(1);
  });

  it('goes through the drafts for what is not under way any more, as far as they can be it', async () => {
    const other = draft('x', { created_at: NOW_MS / 1_000 - 5 });
    const page = (items: object[], cursor: string | null) => json({ items, cursor });
    const { steps, http } = await poll(
      [json([]), page([other], 'next'), page([draft('a')], 'more')],
      operation('a', { rendition: 'unmarked', missing: { sinceMs: 1, looks: 1 } }),
    );
    expect(http.requests.map(({ url }) => new URL(url).searchParams.get('cursor'))).toEqual([null, null, 'next']);
    expect(steps).toMatchObject([
      {
        type: 'done',
        operation: { generationId: 'gen_a' },
        facts: { rendition: 'usual' },
        files: [{ needsCredential: true }],
      },
    ]);
    const old = draft('x', { created_at: NOW_MS / 1_000 - 900 });
    expect((await poll([json([]), page([old], 'next')], operation('a'))).http.requests).toHaveLength(2);
  });

  it.each<[JsonObject, string]>([
    [{ kind: 'sora_content_violation' }, 'content_refused'],
    [{ markdown_reason_str: 'no' }, 'content_refused'],
    [{ kind: 'sora_error' }, 'upstream_error'],
    [{ downloadable_url: null, url: 'az://internal' }, 'upstream_error'],
  ])('at a draft with %j says %s', async (more, code) => {
    const { steps } = await poll([json([]), json({ items: [draft('a', more)], cursor: null })], operation('a'));
    expect(steps).toMatchObject([{ type: 'failed', error: { code, saw: 'refused' } }]);
  });

  it.each([
    ['This content may violate our policies.', 'content_refused'],
    ['The model broke.', 'upstream_error'],
    [null, 'upstream_error'],
  ])('at a task that failed for %j says %s', async (reason, code) => {
    const failed = { id: 'a', status: 'failed', prompt: 'p', failure_reason: reason, progress_pct: null };
    const { steps } = await poll([json([failed])], operation('a'));
    expect(steps).toMatchObject([{ type: 'failed', error: { code, saw: 'refused' } }]);
  });

  it('gives up only what no list has told of for long', async () => {
    const answers = [json([]), json({ items: [], cursor: null })];
    const young = await poll(answers, operation('a'));
    expect(young.steps).toMatchObject([{ type: 'running', operation: { missing: { sinceMs: NOW_MS, looks: 1 } } }]);
    const lost = await poll(answers, operation('a', { missing: { sinceMs: NOW_MS - 200_000, looks: 5 } }));
    expect(lost.steps).toMatchObject([{ type: 'failed', error: { reason: 'expired' } }]);
    const back = await poll([json([pending('a', 0.1)])], operation('a', { missing: { sinceMs: 0, looks: 9 } }));
    expect(back.steps?.[0]).toEqual({ type: 'running', progress: 10, operation: operation('a') });
  });
});

describe('a look for an extension whose words the site wrote anew', () => {
  const source = { relation: 'extension', generationId: 'g', operation: { id: 't', generationId: 'gen_t' } } as const;
  const find = (owned: string[], ...answers: FakeAnswer[]) => {
    const request = { model: 'm', prompt: 'on it goes', source };
    const intent = { request, generationId: 'g', submittedAtMs: NOW_MS, owned: new Set(owned) };
    return job.find?.(intent, createSessionContext({ http: createFakeHttp(...answers), clock, model: 'sora-2' }));
  };
  const task = { id: 'task_9', prompt: 'It goes on, and on' };
  const draft = { id: 'gen_9', task_id: 'task_9', prompt: 'It goes on', created_at: NOW_MS / 1_000 };

  it('says "no" only where all that is there is somebody’s', async () => {
    await expect(find([], json([task]), json({ items: [] }))).rejects.toMatchObject({ code: 'outcome_unknown' });
    await expect(find([], json([]), json({ items: [draft] }))).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await find(['task_9'], json([task]), json({ items: [draft] }))).toBeUndefined();
    expect(await find([], json([{ ...task, prompt: 'on it goes' }]))).toMatchObject({ id: 'task_9' });
  });
});

describe('a file', () => {
  const open = (rendition: string, draft: object) => {
    const http = createFakeHttp(json(draft));
    const url = `http://site.test/sora/backend/project_y/profile/drafts/v2/gen_1?rendition=${rendition}`;
    const file = { url, role: 'result', needsCredential: true } as const;
    return job.open?.(file, createSessionContext({ http }));
  };
  const urls = { no_watermark: 'https://f.test/plain', watermark: 'https://f.test/marked' };

  it('is where the site says it is now', async () => {
    const draft = { id: 'gen_1', download_urls: urls };
    expect(await open('usual', draft)).toMatchObject({ status: 302, headers: { location: 'https://f.test/marked' } });
    expect(await open('unmarked', draft)).toMatchObject({ headers: { location: 'https://f.test/plain' } });
  });

  it('is none where the site tells none', async () => {
    await expect(open('unmarked', { id: 'gen_1', url: 'https://f.test/md' })).rejects.toMatchObject({
      code: 'upstream_bad_answer',
    });
  });
});
