import { readSoraName } from '@sluice/manifests/sora-names';
import { decodeRequest } from '@sluice/wire-openai-chat/decode-request';
import { describe, expect, it } from 'vitest';
import { readVideoWish } from '../media-chat/read-video-wish.js';

const DIGITS = '0123456789abcdef0123456789abcdef';
const FILM = 'sora2-landscape-10s';

function wish(model: string, content: unknown, fields: object = {}) {
  const body = { model, messages: [{ role: 'user', content }], ...fields };
  return readVideoWish(decodeRequest(body).request, body);
}
const film = (url: string) => ({ type: 'video_url', video_url: { url } });
const refusedAt = (param: string, code = 'unsupported') =>
  expect.objectContaining({ code, data: expect.objectContaining({ param }) });

it('the names of these tests are names of Sora', () => {
  expect(readSoraName(FILM)?.work).toBe('video');
});

it('a style and scenes are told apart from the words, for those who understand them', () => {
  const { decoded, isStoryboard } = wish(FILM, '{anime} black and white [5.0s]a cat [5s]a dog');
  expect(isStoryboard).toBe(true);
  expect(decoded.request).toMatchObject({
    model: FILM,
    prompt: 'black and white [5.0s]a cat [5s]a dog',
    providerOptions: {
      sora: {
        style: 'anime',
        storyboard: { instructions: 'black and white', shots: [{}, { seconds: 5, scene: 'a dog' }] },
      },
    },
  });
  expect(wish(FILM, 'a cat', { style_id: 'retro' }).decoded.request.providerOptions).toEqual({
    sora: { style: 'retro' },
  });
  expect(wish('veo-3.1', '{anime} [5s]a cat').decoded.request).toMatchObject({ prompt: '{anime} [5s]a cat' });
});

describe('a film to start from', () => {
  it('is the one of its field, whatever film is named among the words', () => {
    const target = `s_${DIGITS}`;
    const { decoded } = wish(FILM, `as video_${DIGITS} by night`, { remix_target_id: target });
    expect(decoded).not.toHaveProperty('source');
    expect(decoded.request.providerOptions).toEqual({ sora: { remix_target_id: target } });
  });

  it.each<[string, unknown, object]>([
    ['by its id among the words', `video_${DIGITS} by night`, {}],
    ['by a link among the words', `by night https://host/media/results/gen_${DIGITS}-0.mp4?a=b`, {}],
    ['in a field', 'by night', { remix_target_id: `video_${DIGITS}` }],
    [
      'as a film of ours',
      [{ type: 'text', text: 'by night' }, film(`https://host/v1/videos/video_${DIGITS}/content`)],
      {},
    ],
    ['as the top-level film', 'by night', { video: `video_${DIGITS}` }],
  ])('is remixed: %s', (_how, content, fields) => {
    const { request, source } = wish(FILM, content, fields).decoded;
    expect(source).toMatchObject({ relation: 'remix', generationId: `gen_${DIGITS}` });
    expect(request).toMatchObject({ prompt: 'by night' });
    expect(request).not.toHaveProperty('model');
  });

  it('is gone on from by the names that say so', () => {
    const { request, source } = wish('sora2-extension-15s', `gen_${DIGITS} and then?`).decoded;
    expect(source).toMatchObject({ relation: 'extension', generationId: `gen_${DIGITS}`, field: 'messages' });
    expect(request).toEqual({ prompt: 'and then?', durationSeconds: 15 });
    expect(() => wish('sora2-extension-15s', 'and then?')).toThrow(refusedAt('messages', 'invalid_request'));
    const longer = () => wish('sora2-extension-15s', `gen_${DIGITS} more`, { seconds: 10 });
    expect(longer).toThrow(refusedAt('seconds', 'invalid_request'));
  });

  it('that lies with the website is left to those who speak to it', () => {
    const post = wish(FILM, `https://sora.chatgpt.com/p/s_${DIGITS} by night`).decoded;
    expect(post).not.toHaveProperty('source');
    expect(post.request).toMatchObject({ model: FILM, providerOptions: { sora: { remix_target_id: `s_${DIGITS}` } } });
    const draft = wish('sora2-extension-10s', 'gen_01abc and then?').decoded.request;
    expect(draft.providerOptions).toEqual({ sora: { extend_generation_id: 'gen_01abc' } });
  });

  it.each<[unknown, object, string]>([
    [[{ type: 'text', text: 'x' }, film('data:video/mp4;base64,AAAA')], {}, 'messages[0].content[1].video_url.url'],
    [[{ type: 'text', text: 'x' }, film('https://elsewhere/film.mp4')], {}, 'messages[0].content[1].video_url.url'],
    ['x', { video: 'https://elsewhere/film.mp4' }, 'video'],
  ])('that is from elsewhere is refused by the name of its field: %j %j', (content, fields, param) => {
    expect(() => wish(FILM, content, fields)).toThrow(refusedAt(param));
  });
});

it('nobody makes characters', () => {
  const content = [film('data:video/mp4;base64,AAAA')];
  expect(() => wish('avatar-create', content)).toThrow(refusedAt('messages[0].content[0].video_url.url'));
  expect(() => wish('avatar-create', 'gen_01abc')).toThrow(refusedAt('model'));
});
