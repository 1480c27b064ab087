import type { Operation } from '@sluice/contracts/operation';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { createWebImage } from './web.image.js';

const job = createWebImage({ solve: () => Promise.resolve('c29sdmVk') });
const json = (value: object, status = 200): FakeAnswer => ({ status, pieces: [JSON.stringify(value)] });
const operation: Operation = { id: 'task_1', acceptedAtMs: 0 };
const LINK = 'https://f.test/a.png?sig=1';
const done = { id: 'task_1', status: 'succeeded', generations: [{ id: 'gen_1', url: LINK, width: 360, height: 540 }] };
const look = async (...answers: FakeAnswer[]) =>
  (await job.poll?.([operation], createSessionContext({ http: createFakeHttp(...answers) })))?.[0];

describe('a look at pictures', () => {
  it.each([{ task_responses: [done] }, { tasks: [done] }, { tasks: [done], task_responses: null, has_more: false }])(
    'finds its task in %j',
    async (answer) => expect(await look(json(answer))).toMatchObject({ type: 'done', facts: { size: '360x540' } }),
  );

  it.each<[object, object]>([
    [{ status: 'running', progress_pct: null }, { type: 'running' }],
    [
      { status: 'running', progress_pct: 0.41 },
      { type: 'running', progress: 41 },
    ],
    [
      { status: 'failed', error_message: 'broke' },
      { type: 'failed', error: { code: 'upstream_error' } },
    ],
    [
      { status: 'failed', failure_reason: 'content_policy_violation' },
      { type: 'failed', error: { code: 'content_refused' } },
    ],
  ])('of %j says %j', async (more, step) => {
    expect(await look(json({ task_responses: [{ ...done, generations: [], ...more }] }))).toMatchObject(step);
  });
});

describe('a picture', () => {
  const open = async (...answers: FakeAnswer[]) => {
    const step = await look(json({ tasks: [done] }));
    const [file] = step?.type === 'done' ? (step.files as UpstreamFile[]) : [];
    if (!file) throw new Error('no file');
    const http = createFakeHttp(...answers);
    const answer = await job.open?.(file, createSessionContext({ http }));
    return { location: answer?.headers['location'], asked: http.requests[0]?.url };
  };

  it('is where the site says it is now, or else where its list said', async () => {
    expect(await open(json({ url: 'https://f.test/fresh' }))).toEqual({
      location: 'https://f.test/fresh',
      asked: 'http://site.test/sora/backend/generations/gen_1/download',
    });
    expect(await open(json({}, 404))).toMatchObject({ location: LINK });
    await expect(open(json({}, 503))).rejects.toMatchObject({ code: 'upstream_error' });
  });
});
