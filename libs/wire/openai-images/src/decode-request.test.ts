import { formBody } from '@sluice/contracts/form-body';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest, type ImageOperation } from './decode-request.js';
import { STRUCTURED_FIELDS } from './schema.js';

const file = new UploadedFile({ key: 'uploads/a', mediaType: 'image/png', bytes: 9 }, 'digest');
const upload = { type: 'upload', file };
const DATA = 'data:image/png;base64,AAAA';

const decode = (extras: object, operation: ImageOperation = 'generation') =>
  decodeRequest({ prompt: 'a cat', ...extras }, operation);
const requestOf = (extras: object) => decode(extras).request;

function refusalOf(body: unknown, operation: ImageOperation = 'generation') {
  try {
    decodeRequest(body, operation);
  } catch (error) {
    if (error instanceof GatewayError) return error.data;
    throw error;
  }
  throw new Error('not refused');
}

describe('a field', () => {
  it.each<[string, object, object]>([
    ['model', { model: 'gpt-image-2' }, { model: 'gpt-image-2' }],
    ['n', { n: 10 }, { count: 10 }],
    ['n as text', { n: '3' }, { count: 3 }],
    ['size', { size: '1024x1536' }, { size: { width: 1024, height: 1536 } }],
    ['size auto', { size: 'auto' }, {}],
    ['a ratio as size', { size: '16:9' }, { aspectRatio: '16:9' }],
    ['aspect_ratio', { aspect_ratio: '3:2' }, { aspectRatio: '3:2' }],
    ['a ratio beside a size', { size: '64x64', aspect_ratio: '1:1' }, { size: { width: 64, height: 64 } }],
    ['resolution', { resolution: '2k' }, { resolution: '2k' }],
    ['quality', { quality: 'hd' }, { quality: 'hd' }],
    ['quality auto', { quality: 'auto' }, {}],
    ['style', { style: 'vivid' }, { style: 'vivid' }],
    ['background', { background: 'transparent' }, { background: 'transparent' }],
    ['output_format', { output_format: 'webp' }, { format: 'webp' }],
    ['output_compression', { output_compression: 0 }, { compression: 0 }],
    ['moderation', { moderation: 'low' }, { moderation: 'low' }],
    ['input_fidelity', { input_fidelity: 'high' }, { inputFidelity: 'high' }],
    ['partial_images of a stream', { stream: true, partial_images: 3 }, { partials: 3 }],
    ['partial_images of no stream', { partial_images: 3 }, {}],
    ['metadata', { metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    ['user', { user: 'u' }, { endUser: 'u' }],
    ['safety_identifier', { user: 'u', safety_identifier: 's' }, { endUser: 's' }],
    ['what only the vendor knows', { complexity: 'high' }, { providerOptions: { openai: { complexity: 'high' } } }],
    ['null', { n: null, size: null, model: null, stream: null, image: null }, {}],
  ])('%s is carried', (_name, body, expected) => {
    expect(requestOf(body)).toEqual({ prompt: 'a cat', ...expected });
  });

  it.each<[string, unknown, string?]>([
    ['prompt', undefined],
    ['prompt', ''],
    ['prompt', ' '],
    ['prompt', 7],
    ['prompt', 'x'.repeat(32_001)],
    ['model', ''],
    ['n', 0],
    ['n', 11],
    ['n', '11'],
    ['n', 1.5],
    ['n', 'many'],
    ['size', 'large'],
    ['size', '0x10'],
    ['size', '9000x10'],
    ['size', '1:0'],
    ['aspect_ratio', 'wide'],
    ['quality', 'best'],
    ['background', 'red'],
    ['output_format', 'svg'],
    ['output_compression', 101],
    ['moderation', 'none'],
    ['input_fidelity', 'some'],
    ['response_format', 'png'],
    ['stream', 'yes'],
    ['partial_images', 4],
    ['image', 'x'],
    ['image', 5],
    ['images', ['x'], 'images[0]'],
    ['images', [{ image_url: DATA, file_id: 'file-1' }], 'images[0]'],
    ['images', Array(17).fill(DATA), 'images[16]'],
    ['mask', {}],
    ['mask', DATA],
    ['metadata', { a: 1 }, 'metadata.a'],
  ])('%s of %j is refused by its name', (name, value, param = name) => {
    expect(refusalOf({ prompt: 'a', [name]: value })).toMatchObject({ code: 'invalid_request', param });
  });

  it('is not said twice in two ways', () => {
    expect(refusalOf({ prompt: 'a', size: '1:1', aspect_ratio: '2:1' })).toMatchObject({ param: 'aspect_ratio' });
    expect(refusalOf({ prompt: 'a', async: true, stream: true })).toMatchObject({ param: 'async' });
  });

  it('never breaks the decoder, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('prompt', 'n', 'size', 'image', 'mask', 'stream'), fc.jsonValue()),
        (body) => {
          try {
            decodeRequest(body, 'edit');
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
          }
        },
      ),
    );
  });
});

describe('the answer', () => {
  it('is as it was asked for', () => {
    expect(decode({}).answer).toEqual({ isStreamed: false, isAsync: false });
    expect(decode({ response_format: 'url', stream: true }).answer).toMatchObject({ member: 'url', isStreamed: true });
    expect(decode({ async: true }).answer).toMatchObject({ isAsync: true });
  });

  it('names what nobody reads', () => {
    expect(decode({ concurrency: 2, partial_images: 1 }).ignored).toEqual(['concurrency', 'partial_images']);
  });
});

describe('the pictures of an edit', () => {
  it.each<[string, object, object[]]>([
    ['a file', { image: file }, [{ field: 'image', from: upload }]],
    ['files', { image: [file, file] }, [{ field: 'image[0]' }, { field: 'image[1]' }]],
    ['URLs in objects', { images: [{ image_url: DATA }] }, [{ field: 'images[0]', from: { type: 'url', url: DATA } }]],
    ['an id', { images: [{ file_id: 'file-1' }] }, [{ field: 'images[0]', from: { type: 'file', fileId: 'file-1' } }]],
    ["xAI's object", { image: { type: 'image_url', url: DATA } }, [{ from: { type: 'url', url: DATA } }]],
  ])('are %s', (_name, body, expected) => {
    expect(decode(body, 'edit').pictures).toMatchObject(expected);
  });

  it('are needed, and can have a mask', () => {
    expect(refusalOf({ prompt: 'a' }, 'edit')).toMatchObject({ param: 'image', reason: 'missing_required_parameter' });
    expect(decode({ image: file, mask: file }, 'edit').mask).toEqual({ field: 'mask', from: upload });
  });

  it('come in forms, where numbers and flags are text', () => {
    const entries = Object.entries({ prompt: 'a', n: '2', stream: 'true', partial_images: '1', metadata: '{"a":"b"}' });
    const fields = entries.map(([name, value]) => ({ name, value }));
    const files = ['image[]', 'image[]', 'mask'].map((name) => ({ name, value: file }));
    const decoded = decodeRequest(formBody([...fields, ...files], STRUCTURED_FIELDS), 'edit');
    expect(decoded).toMatchObject({
      request: { prompt: 'a', count: 2, partials: 1, metadata: { a: 'b' } },
      pictures: [{ field: 'image[0]' }, { field: 'image[1]' }],
      mask: { field: 'mask' },
      answer: { isStreamed: true },
      ignored: [],
    });
  });
});
