import { GatewayError } from '@sluice/contracts/gateway-error';
import { expect, it } from 'vitest';
import { decodeVideoRequest } from './decode-video-request.js';

const DIGITS = '0123456789abcdef0123456789abcdef';
const decode = (instance: object, parameters: object = {}) =>
  decodeVideoRequest({ instances: [{ prompt: 'a cat', ...instance }], parameters }, { model: 'veo' });

it.each([
  `https://a.test/v1beta/files/${DIGITS}:download?alt=media`,
  `files/${DIGITS}`,
  `https://a.test/v1beta/files/${DIGITS}`,
])('a video is found by %s', (uri) => {
  expect(decode({ video: { uri } }, { durationSeconds: 8 })).toMatchObject({
    source: { relation: 'extension', generationId: `gen_${DIGITS}` },
    request: { providerOptions: { gemini: { durationSeconds: 8 } } },
  });
});

it('pictures come in either spelling and either alphabet; parameters in either case, those unknown as they are', () => {
  const image = { inline_data: { data: '-_==', mime_type: 'image/png' } };
  const { pictures, request } = decode({ image }, { duration_seconds: '6', someday: { a_b: 1 } });
  expect(pictures).toEqual([
    { field: 'instances[0].image', role: 'first-frame', from: { type: 'url', url: 'data:image/png;base64,+/==' } },
  ]);
  expect(request).toMatchObject({ durationSeconds: 6, providerOptions: { gemini: { someday: expect.anything() } } });
});

it('a style as a reference is refused by its place', () => {
  const image = { bytesBase64Encoded: 'AAAA', mimeType: 'image/png' };
  const referenceImages = [
    { image, referenceType: 'ASSET' },
    { image, referenceType: 'style' },
  ];
  expect(() => decode({ referenceImages })).toThrow(GatewayError);
  expect(() => decode({ referenceImages })).toThrow('referenceImages[1].referenceType');
});
