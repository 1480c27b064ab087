import type { VideoReference } from '@sluice/contracts/video';
import type { JsonObject } from '@sluice/contracts/json';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { JobStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { createSolvedHttp } from './create-solved-http.js';
import { createWebVideo } from './web.video.js';

const job = createWebVideo({ solve: () => Promise.resolve('c29sdmVk') });
const json = (value: object): FakeAnswer => ({ pieces: [JSON.stringify(value)] });
const GONE: FakeAnswer = { status: 404, pieces: ['{}'] };
const media = { key: 'k', mediaType: 'image/png', bytes: 4 };
const picture: VideoReference = { role: 'reference', media };
const asset = json({ asset_pointer: 'sediment://file_1', file_id: 'file_1' });
const made = (id: string) => json({ reference_info: { reference_id: id } });

function contextOf(...answers: FakeAnswer[]) {
  const http = createFakeHttp(...answers);
  return { http, context: createSessionContext({ http: createSolvedHttp(http), model: 'sora-2' }) };
}

const askedOf = (http: { requests: readonly { method: string; url: string }[] }) =>
  http.requests.map(({ method, url }) => `${method} ${url.replace(/^.*backend/, '')}`);

async function start(references: VideoReference[], ...answers: FakeAnswer[]) {
  const { http, context } = contextOf(...answers);
  const steps: JobStep[] = [];
  const run = async () => {
    for await (const step of job.start({ model: 'm', prompt: 'a cat', references }, context)) steps.push(step);
  };
  const error: unknown = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { steps, error, http, asked: askedOf(http) };
}

const CREATE = 'POST /project_y/references/create';
const UPLOAD = 'POST /project_y/file/upload';
const REMOVE = 'DELETE /project_y/references/ref_1';

describe('pictures to be looked at', () => {
  it('become references of the account, noted before the paid call', async () => {
    const note = { name: 'Tom', type: 'character', description: 'a cat' } as const;
    const { steps, http, asked } = await start(
      [{ ...picture, note }, picture],
      asset,
      made('ref_1'),
      asset,
      made('ref_2'),
      json({ id: 'task_1' }),
    );
    expect(asked).toEqual([UPLOAD, CREATE, UPLOAD, CREATE, 'POST /nf/create']);
    const bodies = [1, 3, 4].map((index) => JSON.parse(String(http.requests[index]?.body)) as JsonObject);
    expect(bodies).toMatchObject([
      {
        name: 'Tom',
        display_name: 'Tom',
        type: 'character',
        description: 'a cat',
        asset_pointers: ['sediment://file_1'],
      },
      { name: 'Reference 2', type: 'other', description: '' },
      {
        inpaint_items: [
          { kind: 'reference', reference_id: 'ref_1' },
          { kind: 'reference', reference_id: 'ref_2' },
        ],
      },
    ]);
    expect(steps).toMatchObject([
      { type: 'prepared', facts: { references: ['ref_1', 'ref_2'] } },
      { type: 'accepted', operation: { id: 'task_1', references: ['ref_1', 'ref_2'] } },
    ]);
  });

  it('that were made for nothing are removed again, and nothing was paid', async () => {
    const failed = await start([picture, picture], asset, made('ref_1'), { status: 500, pieces: ['{}'] }, json({}));
    expect(failed.error).toMatchObject({ data: { saw: 'refused' } });
    expect(failed.asked.at(-1)).toBe(REMOVE);
    const refused = await start([picture], asset, made('ref_1'), { status: 400, pieces: ['{}'] }, GONE);
    expect(refused.error).toMatchObject({ code: 'invalid_request' });
    expect(refused.asked.at(-1)).toBe(REMOVE);
    const nameless = await start([picture], asset, json({ reference_info: {} }));
    expect(nameless.error).toMatchObject({ code: 'upstream_bad_answer', data: { saw: 'refused' } });
  });

  it('stay while it is not known whether the video was taken on, and whoever finds it has them', async () => {
    const { error, asked } = await start([picture], asset, made('ref_1'), { status: 502, pieces: ['{}'] });
    expect(error).toMatchObject({ data: { saw: 'unknown' } });
    expect(asked.at(-1)).toBe('POST /nf/create');
    const { context } = contextOf(json([{ id: 'task_1', prompt: 'a cat' }]));
    const request = { model: 'm', prompt: 'a cat' };
    const prepared = { references: ['ref_1'] };
    const intent = { request, generationId: 'g', submittedAtMs: 0, prepared, owned: new Set<string>() };
    expect(await job.find?.(intent, context)).toMatchObject({ id: 'task_1', references: ['ref_1'] });
  });

  it.each([[Array.from({ length: 6 }, () => picture)], [[{ role: 'last-frame', media } as const]]])(
    'are five at most, and no last picture: %#',
    async (references) => {
      const { error, asked } = await start(references);
      expect(error).toMatchObject({ code: 'unsupported', data: { saw: 'nothing' } });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['done', { downloadable_url: 'https://f.test/a.mp4' }],
    ['failed', { kind: 'sora_error' }],
  ])('are gone when the video is %s', async (type, draft) => {
    const operation = { id: 'a', acceptedAtMs: 0, references: ['ref_1', 'ref_2'] };
    const items = [{ id: 'gen_a', task_id: 'a', ...draft }];
    const { http, context } = contextOf(json([]), json({ items }), GONE, { status: 500, pieces: ['{}'] });
    const [step] = (await job.poll?.([operation], context)) ?? [];
    expect(askedOf(http)).toContain(REMOVE);
    // What could not be removed is not forgotten.
    expect(step).toMatchObject({ type, operation: { references: ['ref_2'] } });
  });
});

describe('what a video left with its account', () => {
  const operation = { id: 'task_1', acceptedAtMs: 0, generationId: 'gen_1', references: ['ref_1'] };
  const removal = async (known: JsonObject, ...answers: FakeAnswer[]) => {
    const { http, context } = contextOf(...answers);
    await job.remove?.(known, context);
    return askedOf(http);
  };

  it('is removed: its post first, then its draft', async () => {
    const draft = json({ id: 'gen_1', post: { post: { id: 's_1' } } });
    expect(await removal(operation, json({}), draft, GONE, json({}))).toEqual([
      REMOVE,
      'GET /project_y/profile/drafts/v2/gen_1',
      'DELETE /project_y/post/s_1',
      'DELETE /project_y/profile/drafts/gen_1',
    ]);
  });

  it('may be gone already, or lie there under a name that nobody noted', async () => {
    expect(await removal({ ...operation, references: [] }, GONE)).toHaveLength(1);
    const found = json({ items: [{ id: 'gen_9', task_id: 'task_1', created_at: 1 }] });
    expect((await removal({ id: 'task_1', acceptedAtMs: 0 }, found, json({}))).at(-1)).toBe(
      'DELETE /project_y/profile/drafts/gen_9',
    );
    expect(await removal({ id: 'task_1', acceptedAtMs: 0 }, json({ items: [] }), json([]))).toHaveLength(2);
  });

  it('is not told to be gone while it is still being made there', async () => {
    const goesOn = removal({ id: 'task_1', acceptedAtMs: 0 }, json({ items: [] }), json([{ id: 'task_1' }]));
    await expect(goesOn).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('is told to be left where the site does not take it', async () => {
    const refused = removal({ ...operation, references: [] }, json({ id: 'gen_1' }), { status: 503, pieces: ['{}'] });
    await expect(refused).rejects.toMatchObject({ code: 'upstream_error' });
  });
});
