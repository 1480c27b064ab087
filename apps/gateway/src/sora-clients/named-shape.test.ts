import type { DurableInput } from '@sluice/contracts/durable-generation';
import type { ImageRequest } from '@sluice/contracts/image';
import type { VideoRequest } from '@sluice/contracts/video';
import { describe, expect, it } from 'vitest';
import { withNamedShape } from './named-shape.js';

const film = (model: string, said: Partial<VideoRequest> = {}): DurableInput => ({
  kind: 'video',
  request: { model, prompt: 'a cat', ...said },
});
const picture = (model: string, said: Partial<ImageRequest> = {}): DurableInput => ({
  kind: 'image',
  request: { model, prompt: 'a cat', ...said },
});

it.each<[string, Partial<VideoRequest>]>([
  ['sora-2', {}],
  ['sora2-landscape-10s', { durationSeconds: 10, aspectRatio: '16:9' }],
  ['sora2pro-portrait-25s', { durationSeconds: 25, aspectRatio: '9:16' }],
  ['sora2pro-hd-landscape-15s', { durationSeconds: 15, aspectRatio: '16:9', resolution: '1080p' }],
  ['sora_video2-hd-portrait-15s', { durationSeconds: 15, aspectRatio: '9:16', resolution: '1080p' }],
  ['veo-3.1', {}],
])('the name %s says what is made', (model, shape) => {
  expect(withNamedShape(film(model), 'agree')).toEqual(film(model, shape));
});

it.each<[string, string]>([
  ['gpt-image', '1:1'],
  ['gpt-image-landscape', '3:2'],
  ['sora-image-portrait', '2:3'],
])('the name %s says how a picture lies', (model, aspectRatio) => {
  expect(withNamedShape(picture(model), 'agree')).toEqual(picture(model, { aspectRatio }));
});

it('what agrees with the name is kept as it was said', () => {
  const size = { width: 1792, height: 1024 };
  const said = film('sora2pro-hd-landscape-10s', { durationSeconds: 10, size });
  expect(withNamedShape(said, 'agree')).toEqual(said);
  const ratio = film('sora2-landscape-10s', { aspectRatio: '3:2', resolution: '720p' });
  expect(withNamedShape(ratio, 'agree')).toMatchObject({ request: { aspectRatio: '3:2', durationSeconds: 10 } });
  const square = picture('gpt-image', { size: { width: 1024, height: 1536 } });
  expect(withNamedShape(square, 'agree')).toEqual(square);
});

describe('what contradicts the name', () => {
  it.each<[string, Partial<VideoRequest>, string]>([
    ['sora2-landscape-10s', { durationSeconds: 15 }, 'seconds'],
    ['sora2-landscape-10s', { aspectRatio: '9:16' }, 'aspect_ratio'],
    ['sora2-landscape-10s', { aspectRatio: '1:1' }, 'aspect_ratio'],
    ['sora2-portrait-10s', { size: { width: 1280, height: 720 } }, 'size'],
    ['sora2pro-hd-portrait-10s', { size: { width: 720, height: 1280 } }, 'size'],
    ['sora2pro-hd-portrait-10s', { resolution: '720p' }, 'resolution'],
  ])('%s and %j is refused by the name of its field', (model, said, param) => {
    const made = () => withNamedShape(film(model, said), 'agree');
    expect(made).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param }) }),
    );
    expect(withNamedShape(film(model, said), 'call-wins')).toMatchObject({ request: said });
  });

  it('is refused of a picture, too', () => {
    const said = picture('gpt-image-landscape', { size: { width: 1024, height: 1536 } });
    expect(() => withNamedShape(said, 'agree')).toThrow(/'size'/);
  });
});

it('an operator who takes the names at their orientation alone leaves the rest to whoever makes it', () => {
  const made = withNamedShape(film('sora_video2-hd-portrait-15s'), 'agree', 'orientation');
  expect(made).toEqual(film('sora_video2-hd-portrait-15s', { aspectRatio: '9:16' }));
  const said = { durationSeconds: 8, resolution: '720p' };
  expect(withNamedShape(film('sora2pro-hd-portrait-10s', said), 'agree', 'orientation')).toMatchObject({
    request: said,
  });
  const turned = film('sora2-landscape-10s', { aspectRatio: '9:16' });
  expect(() => withNamedShape(turned, 'agree', 'orientation')).toThrow(/'aspect_ratio'/);
});

it('what goes on from another film is shaped by that one', () => {
  const longer = film('sora2-landscape-15s', {
    durationSeconds: 10,
    source: { relation: 'extension', generationId: 'gen_1' },
  });
  expect(withNamedShape(longer, 'agree')).toBe(longer);
});
