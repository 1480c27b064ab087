import type { ChatRequest } from '@sluice/contracts/chat';
import { decodeRequest } from '@sluice/wire-openai-chat/decode-request';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import { describe, expect, it } from 'vitest';
import { readImageWish } from './read-image-wish.js';
import { readTelling, type TellingCall } from './read-telling.js';
import { readVideoWish } from './read-video-wish.js';
import { modelAskedBy } from './model-asked-by.js';
import { unreadFields } from './unread-fields.js';

const bodyOf = (fields: object = {}, content: unknown = 'a cat') => ({
  model: 'm',
  messages: [{ role: 'user', content }],
  ...fields,
});
const video = (fields?: object, content?: unknown) => {
  const body = bodyOf(fields, content);
  return readVideoWish(decodeRequest(body).request, body).decoded;
};
const image = (fields?: object, content?: unknown) => {
  const body = bodyOf(fields, content);
  return readImageWish(decodeRequest(body).request, body);
};
const picture = (url: string) => ({ type: 'image_url', image_url: { url } });
const refusedAt = (param: string) => expect.objectContaining({ data: expect.objectContaining({ param }) });

describe('a video', () => {
  it('is what the last message of the user says, all its texts together', () => {
    const request: ChatRequest = {
      model: 'm',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a dog' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a cat' },
            { type: 'text', text: 'by night' },
          ],
        },
        { role: 'assistant', content: [] },
      ],
    };
    expect(readVideoWish(request, {}).decoded.request.prompt).toBe('a cat\nby night');
  });

  it.each([
    [
      { seconds: '8', size: '1280x720' },
      { durationSeconds: 8, size: { width: 1280, height: 720 } },
    ],
    [{ video_config: { aspect_ratio: '9:16', video_length: '6' } }, { durationSeconds: 6, aspectRatio: '9:16' }],
    [{ video_config: { resolution: 'SD' } }, { resolution: '480p' }],
    [{ video_config: { resolution_name: '720p', resolution: 'HD' } }, { resolution: '720p' }],
    [{ video_config: { preset: 'fun' } }, { providerOptions: { grok: { preset: 'fun' } } }],
    [
      { orientation: 'portrait', duration: 5 },
      { durationSeconds: 5, aspectRatio: '9:16' },
    ],
    [{ video_config: null, user: 'me' }, { endUser: 'me' }],
  ])('%j', (fields, expected) => expect(video(fields).request).toEqual({ model: 'm', prompt: 'a cat', ...expected }));

  it('begins with its only picture; several are to be looked at', () => {
    const url = 'https://example.com/a.png';
    expect(video({}, [picture(url)]).pictures).toEqual([
      { field: 'messages[0].content[0].image_url.url', role: 'first-frame', from: { type: 'url', url } },
    ]);
    const two = video({ image: url }, [picture(`${url}?2`)]).pictures;
    expect(two.map(({ field, role }) => [field, role])).toEqual([
      ['image', 'first-frame'],
      ['messages[0].content[0].image_url.url', 'reference'],
    ]);
  });

  it('starts from a finished one that is named', () => {
    const id = `video_${'0'.repeat(32)}`;
    expect(video({ remix_target_id: id }).source).toMatchObject({ field: 'remix_target_id', relation: 'remix' });
  });

  it.each([
    [{ resolution: '480p', video_config: { resolution: 'HD' } }, 'video_config.resolution'],
    [{ aspect_ratio: '1:1', video_config: { aspect_ratio: '3:2' } }, 'video_config.aspect_ratio'],
    [{ video_config: { video_length: 1.5 } }, 'video_config.video_length'],
    [{ video_config: { preset: 7 } }, 'video_config.preset'],
    [{ video_id: 'video_1' }, 'video_id'],
    [{ remix_target_id: 's_1' }, 'remix_target_id'],
  ])('%j is refused', (fields, param) => expect(() => video(fields)).toThrow(refusedAt(param)));
});

describe('pictures', () => {
  it.each([
    [
      { n: 2, size: '1024x1536' },
      { count: 2, size: { width: 1024, height: 1536 } },
    ],
    [
      { image_config: { n: 4, aspect_ratio: '2:3', image_size: '2K' } },
      { count: 4, aspectRatio: '2:3', resolution: '2K' },
    ],
    [
      { size: 'auto', quality: 'high', image_config: { output_format: 'webp' } },
      { quality: 'high', format: 'webp' },
    ],
    [{ size: '16:9' }, { aspectRatio: '16:9' }],
  ])('%j', (fields, expected) => expect(image(fields).request).toEqual({ model: 'm', prompt: 'a cat', ...expected }));

  it('are made from those of the body and those of the message', () => {
    const url = 'https://example.com/a.png';
    const { pictures } = image({ images: [url], image: [`${url}?0`] }, [picture(`${url}?2`)]);
    expect(pictures.map(({ field }) => field)).toEqual([
      'image[0]',
      'images[0]',
      'messages[0].content[0].image_url.url',
    ]);
  });

  it.each([
    [{ n: 2, image_config: { n: 3 } }, 'image_config.n'],
    [{ size: '1024x1024', image_config: { size: '512x512' } }, 'image_config.size'],
    [{ size: '16:9', image_config: { aspect_ratio: '1:1' } }, 'image_config.aspect_ratio'],
    [{ image_config: { response_format: 'gif' } }, 'image_config.response_format'],
    [{ image_config: { size: '10x' } }, 'image_config.size'],
  ])('%j is refused', (fields, param) => expect(() => image(fields)).toThrow(refusedAt(param)));
});

describe('how it is told', () => {
  const told = (call: Partial<TellingCall>, set: Partial<Record<SettingName, unknown>> = {}) =>
    readTelling(
      { kind: 'video', isStreamed: true, body: {}, header: () => undefined, ...call },
      { get: (name: SettingName) => (set[name] ?? SETTINGS[name].initial) as never },
    );

  it("is the operator's choice, and the call's before it", () => {
    expect(told({})).toEqual({ progress: 'reasoning', format: { kind: 'video', word: 'html' }, stopWord: 'stop' });
    expect(told({}, { MEDIA_CHAT_PROGRESS: 'think', MEDIA_CHAT_VIDEO_FORMAT: 'url' })).toMatchObject({
      progress: 'think',
      format: { word: 'url' },
    });
    const header = (name: string) => (name === 'x-sluice-progress' ? 'none' : undefined);
    expect(told({ header, body: { media_progress: 'content' } }).progress).toBe('none');
    expect(told({ body: { thinking: 'disabled' } }).progress).toBe('none');
    expect(told({ body: { thinking: 'disabled', media_progress: 'think' } }).progress).toBe('think');
  });

  it('of pictures is whole where the dialect asks for that', () => {
    const format = (isInline: boolean | undefined, set?: object) => told({ kind: 'image', isInline }, set).format.word;
    expect([format(undefined), format(true)]).toEqual(['markdown', 'b64']);
    expect(format(false, { MEDIA_CHAT_IMAGE_FORMAT: 'b64' })).toBe('markdown');
    expect(format(undefined, { MEDIA_CHAT_IMAGE_FORMAT: 'b64' })).toBe('b64');
  });
});

it('fields that change nothing are known', () => {
  const body = { model: 'm', messages: [], tools: [], temperature: 1, seconds: 4, media_format: 'url', top_p: null };
  expect(unreadFields(body, 'video')).toEqual(['tools', 'temperature']);
  expect(unreadFields(body, 'image')).toEqual(['tools', 'temperature', 'seconds']);
});

it.each([
  ['/v1/chat/completions', 'm'],
  ['/api/v1/messages?beta=true', 'm'],
  ['/v1/responses/', 'm'],
  ['/v1/embeddings', undefined],
  ['/v1/responses/resp_1/cancel', undefined],
  ['/v1beta/models/film:streamGenerateContent?alt=sse', 'film'],
  ['/v1beta/models/film:countTokens', undefined],
])('%s asks %s', (url, model) => expect(modelAskedBy({ url, body: { model: 'm' } })).toBe(model));
