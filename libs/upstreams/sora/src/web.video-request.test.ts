import type { JsonObject } from '@sluice/contracts/json';
import { expect, it } from 'vitest';
import { createBody, toWebVideo } from './web.video-request.js';

const POST = `s_${'0'.repeat(32)}`;
const request = (sora: JsonObject) => ({ model: 'm', prompt: 'a cat', providerOptions: { sora } });
const STORYBOARD = { shots: [{ seconds: 5, scene: 'one' }] };

it.each<[string, JsonObject]>([
  ['a remix', { remix_target_id: POST }],
  ['a storyboard', { storyboard: STORYBOARD }],
])('%s of the better model is made by the better model', (_, sora) => {
  const video = toWebVideo(request(sora), 'sora-2-pro');
  expect(createBody(video, { inpaintItems: [], post: POST })).toMatchObject({ model: 'sy_ore' });
});

it('a remix and an extension at once are refused by name', () => {
  const both = { remix_target_id: POST, extend_generation_id: 'gen_1' };
  expect(() => toWebVideo(request(both), 'sora-2')).toThrow(
    expect.objectContaining({ code: 'unsupported', data: expect.objectContaining({ param: 'extension' }) }),
  );
});
