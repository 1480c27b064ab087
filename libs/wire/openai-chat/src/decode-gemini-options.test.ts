import { expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const optionsOf = (body: object) => decodeRequest({ ...hello, ...body }).request.providerOptions;

it('nothing is said where nothing is asked', () => {
  expect(optionsOf({})).toBeUndefined();
  expect(optionsOf({ extra_body: { other: 1 }, modalities: ['text'] })).toBeUndefined();
});

it('pictures are asked for as relays made it usual', () => {
  const body = { modalities: ['image', 'text'], image_config: { aspect_ratio: '16:9', image_size: '2K' } };
  expect(optionsOf(body)).toEqual({
    gemini: {
      generationConfig: {
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
      },
    },
  });
  expect(decodeRequest({ ...hello, ...body }).ignored).toEqual([]);
});

it("the fields of Google's own layer over this dialect go on", () => {
  const google = {
    aspect_ratio: '1:1',
    cached_content: 'cachedContents/1',
    generation_config: { media_resolution: 'MEDIA_RESOLUTION_LOW' },
    safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
    thinking_config: { thinking_budget: 0, include_thoughts: false },
    tools: [{ code_execution: {} }],
  };
  expect(optionsOf({ extra_body: { google } })).toEqual({
    gemini: {
      cachedContent: 'cachedContents/1',
      safetySettings: google.safety_settings,
      tools: google.tools,
      generationConfig: {
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
        imageConfig: { aspectRatio: '1:1' },
        thinkingConfig: { thinkingBudget: 0, includeThoughts: false },
      },
    },
  });
});

it.each([
  [{ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } }, 'video/mp4'],
  [{ type: 'input_video', input_video: { data: 'AAAA', format: 'mov' } }, 'video/quicktime'],
])('a film is a file of its type: %j', (part, mediaType) => {
  const { request } = decodeRequest({ model: 'm', messages: [{ role: 'user', content: [part] }] });
  expect(request.messages[0]?.content).toEqual([{ type: 'file', source: { type: 'data', mediaType, base64: 'AAAA' } }]);
});

it('sound says of which type it is', () => {
  const part = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'flac' } };
  const { request } = decodeRequest({ model: 'm', messages: [{ role: 'user', content: [part] }] });
  expect(request.messages[0]?.content).toEqual([
    { type: 'audio', format: 'flac', source: { type: 'data', mediaType: 'audio/flac', base64: 'AAAA' } },
  ]);
});
