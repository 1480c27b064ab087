import type { VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { findVideo } from './web.find.js';

const FOUND = { id: 'task_1', acceptedAtMs: 5 };

const PROMPT = 'and on';
const CONFIG = { orientation: 'landscape', n_frames: 750 };
const UNDER_WAY = { id: 'task_1', prompt: PROMPT, creation_config: CONFIG };
const DRAFT = { id: 'gen_1', task_id: 'task_1', prompt: PROMPT, created_at: 1, creation_config: CONFIG };

/** Unless told otherwise: a film of 25 seconds across is under way; among the drafts lies nothing. */
function look(request: Partial<VideoRequest>, { pending = [UNDER_WAY] as object[], drafts = [] as object[] } = {}) {
  const http = createFakeHttp(
    { pieces: [JSON.stringify(pending)] },
    { pieces: [JSON.stringify({ items: drafts, cursor: null })] },
  );
  const intent = {
    request: { model: 'sora-2', prompt: 'and  on ', ...request },
    generationId: 'g',
    submittedAtMs: 5,
    owned: new Set<string>(),
  };
  return findVideo(intent, createSessionContext({ http }));
}

it('finds a lost video by its prompt and its shape', async () => {
  expect(await look({ durationSeconds: 25, aspectRatio: '16:9' })).toMatchObject(FOUND);
  expect(await look({ durationSeconds: 10, aspectRatio: '16:9' })).toBeUndefined();
  expect(await look({ durationSeconds: 25 })).toBeUndefined();
});

it('takes no draft of other shape that somebody else’s equal words became', async () => {
  const done = { pending: [], drafts: [DRAFT] };
  expect(await look({ durationSeconds: 25, aspectRatio: '16:9' }, done)).toMatchObject(FOUND);
  expect(await look({ durationSeconds: 25 }, done)).toBeUndefined();
  expect(await look({ durationSeconds: 15, aspectRatio: '16:9' }, done)).toBeUndefined();
  const untold = [{ ...DRAFT, creation_config: undefined }];
  expect(await look({ durationSeconds: 10 }, { pending: [], drafts: untold })).toMatchObject(FOUND);
});

it('takes no remix for a film of its own', async () => {
  const remix = { ...CONFIG, remix_target_post: { post: { id: 's_1' } } };
  const own = { durationSeconds: 25, aspectRatio: '16:9' };
  expect(await look(own, { pending: [{ ...UNDER_WAY, creation_config: remix }] })).toBeUndefined();
  expect(await look(own, { pending: [], drafts: [{ ...DRAFT, creation_config: remix }] })).toBeUndefined();
  const options = { providerOptions: { sora: { remix_target_id: 's_1' } } };
  expect(await look({ ...own, ...options }, { pending: [{ ...UNDER_WAY, creation_config: remix }] })).toMatchObject(
    FOUND,
  );
});

it('finds a lost extension, which has the shape of its film and is as long as both', async () => {
  const operation = { id: 'task_0', acceptedAtMs: 0, generationId: 'gen_0' };
  const source = { relation: 'extension', generationId: 'film', operation } as const;
  expect(await look({ durationSeconds: 15, source })).toMatchObject(FOUND);
});
