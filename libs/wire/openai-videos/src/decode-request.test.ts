import { formBody } from '@sluice/contracts/form-body';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { STRUCTURED_FIELDS } from './schema.js';

const file = new UploadedFile({ key: 'uploads/a', mediaType: 'image/png', bytes: 9 }, 'digest');
const upload = { type: 'upload', file };
const ID = 'video_0123456789abcdef0123456789abcdef';
const GENERATION = ID.replace('video', 'gen');

const requestOf = (extras: object) => decodeRequest({ prompt: 'a cat', ...extras }).request;
const picturesOf = (extras: object) => decodeRequest({ prompt: 'a cat', ...extras }).pictures;

function refusalOf(body: unknown, operation = {}) {
  try {
    decodeRequest(body, operation);
  } catch (error) {
    if (error instanceof GatewayError) return error.data;
    throw error;
  }
  throw new Error('not refused');
}

describe('seconds', () => {
  it('are the same as a number and as text, under either name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.constantFrom('seconds', 'duration'), (seconds, name) => {
        expect(requestOf({ [name]: seconds }).durationSeconds).toBe(seconds);
        expect(requestOf({ [name]: String(seconds) }).durationSeconds).toBe(seconds);
      }),
    );
  });

  it('are never changed: what is not a whole number from 1 to 60 is refused by its field', () => {
    const others = fc.oneof(
      fc.integer().filter((value) => value < 1 || value > 60),
      fc.double({ min: 1, max: 60, noNaN: true }).filter((value) => !Number.isInteger(value)),
      fc.string().filter((text) => !/^\s*\d/.test(text)),
      fc.constantFrom('8s', '1e1', '0x8', '4.5', '-4', '', ' ', '061', '99999999'),
    );
    fc.assert(
      fc.property(others, fc.constantFrom('seconds', 'duration'), (value, name) => {
        expect(refusalOf({ prompt: 'a', [name]: value })).toMatchObject({ code: 'invalid_request', param: name });
      }),
    );
  });

  it('said twice have to agree', () => {
    expect(requestOf({ seconds: '8', duration: 8 }).durationSeconds).toBe(8);
    expect(refusalOf({ prompt: 'a', seconds: '8', duration: 10 })).toMatchObject({ param: 'duration' });
  });

  it('that nobody named are not made up', () => {
    expect(requestOf({})).toEqual({ prompt: 'a cat' });
  });
});

describe('the size', () => {
  it.each([
    [{ size: '1280x720' }, { size: { width: 1280, height: 720 } }],
    [{ size: '1280*720' }, { size: { width: 1280, height: 720 } }],
    [{ size: 'auto' }, {}],
    [{ aspect_ratio: '16:9' }, { aspectRatio: '16:9' }],
    [{ ratio: '21:9' }, { aspectRatio: '21:9' }],
    [{ ratio: 'adaptive' }, {}],
    [{ orientation: 'portrait' }, { aspectRatio: '9:16' }],
    [{ size: '720x1280', aspect_ratio: '9:16' }, { size: { width: 720, height: 1280 } }],
    [
      { resolution: '1080p', aspect_ratio: '1:1' },
      { resolution: '1080p', aspectRatio: '1:1' },
    ],
  ])('%j', (fields, expected) => expect(requestOf(fields)).toEqual({ prompt: 'a cat', ...expected }));

  it.each([
    [{ size: '720p' }, 'size'],
    [{ size: '0x720' }, 'size'],
    [{ size: '99999x99999' }, 'size'],
    [{ size: 720 }, 'size'],
    [{ aspect_ratio: 'wide' }, 'aspect_ratio'],
    [{ ratio: '0:1' }, 'ratio'],
    [{ orientation: 'up' }, 'orientation'],
    [{ aspect_ratio: '1:1', orientation: 'portrait' }, 'orientation'],
  ])('%j is refused', (fields, param) => expect(refusalOf({ prompt: 'a', ...fields })).toMatchObject({ param }));
});

describe('pictures', () => {
  const url = { type: 'url', url: 'https://example.com/a.png' };

  it.each([
    ['a file', file, upload],
    ['a URL', url.url, url],
    ['a data URL', 'data:image/png;base64,AAAA', { type: 'url', url: 'data:image/png;base64,AAAA' }],
    ['{image_url}', { image_url: url.url }, url],
    ['{image_url:{url}}', { image_url: { url: url.url } }, url],
    ['{url}', { url: url.url }, url],
    ['{file_id}', { file_id: 'file_1' }, { type: 'file', fileId: 'file_1' }],
    ['a file id', 'file-abc', { type: 'file', fileId: 'file-abc' }],
    ['plain base64', 'A'.repeat(300), { type: 'url', url: `data:;base64,${'A'.repeat(300)}` }],
  ])('can be %s', (_name, value, from) => {
    expect(picturesOf({ input_reference: value })).toEqual([{ field: 'input_reference', role: 'first-frame', from }]);
  });

  it('are what their field says', () => {
    const pictures = picturesOf({ image: file, last_frame: file, reference_images: [file, file] });
    expect(pictures.map(({ field, role }) => [field, role])).toEqual([
      ['image', 'first-frame'],
      ['reference_images[0]', 'reference'],
      ['reference_images[1]', 'reference'],
      ['last_frame', 'last-frame'],
    ]);
    expect(picturesOf({ images: [file] })).toMatchObject([{ field: 'images[0]', role: 'first-frame' }]);
    expect(picturesOf({ images: [file, file] })).toMatchObject([{ role: 'reference' }, { role: 'reference' }]);
  });

  it('to be looked at may say what they show', () => {
    const told = { url: url.url, name: ' Tom ', type: 'character', description: 'a cat' };
    const note = { name: 'Tom', type: 'character', description: 'a cat' };
    expect(picturesOf({ references: [told, 'file-abc', { file_id: 'file-abc', name: null }] })).toEqual([
      { field: 'references[0]', role: 'reference', from: url, note },
      { field: 'references[1]', role: 'reference', from: { type: 'file', fileId: 'file-abc' } },
      { field: 'references[2]', role: 'reference', from: { type: 'file', fileId: 'file-abc' } },
    ]);
    expect(picturesOf({ references: file })).toEqual([{ field: 'references', role: 'reference', from: upload }]);
    // One of them is no beginning of a film.
    expect(picturesOf({ references: ['https://a.b/'], image: file })).toMatchObject([{ role: 'first-frame' }, {}]);
  });

  it('may stand instead of a prompt', () => {
    expect(decodeRequest({ image: file }).request.prompt).toBe('');
  });

  it.each([
    [{ input_reference: 'picture.png' }, 'input_reference'],
    [{ input_reference: '/etc/passwd' }, 'input_reference'],
    [{ input_reference: 'ftp://example.com/a' }, 'input_reference'],
    [{ input_reference: {} }, 'input_reference'],
    [{ input_reference: { image_url: 'https://a.b/', file_id: 'file_1' } }, 'input_reference'],
    [{ input_reference: { image_url: 'x' } }, 'input_reference.image_url'],
    [{ images: ['https://a.b/', 'x'] }, 'images[1]'],
    [{ image: file, input_reference: file }, 'image'],
    [{ reference_images: Array.from({ length: 11 }, () => file) }, 'reference_images[10]'],
    [{ references: Array.from({ length: 6 }, () => 'https://a.b/') }, 'references[5]'],
    [{ references: [{ url: 'https://a.b/', type: 'mood' }] }, 'references[0].type'],
    [{ references: [{ url: 'https://a.b/', name: 'x'.repeat(81) }] }, 'references[0].name'],
    [{ references: [{ name: 'Tom' }] }, 'references[0]'],
    [{ references: ['Tom'] }, 'references[0]'],
    [{ input_reference: { media: { key: 'uploads/of-another' }, sha256: 'x' } }, 'input_reference'],
  ])('%j is refused', (fields, param) => expect(refusalOf({ prompt: 'a', ...fields })).toMatchObject({ param }));
});

describe('a body', () => {
  it.each([
    [{}, 'prompt', "Missing required parameter: 'prompt'."],
    [{ prompt: '  ' }, 'prompt', "Invalid 'prompt': it is empty."],
    [{ prompt: 5 }, 'prompt', "Invalid type for 'prompt': expected a string, got an integer."],
    [
      { prompt: 'a'.repeat(32_001) },
      'prompt',
      "Invalid 'prompt': string of length 32001. Expected a maximum length of 32000.",
    ],
    [{ prompt: 'a', n: 2 }, 'n', "Unsupported 'n': one video is made per request."],
  ])('%#', (body, param, message) => expect(refusalOf(body)).toMatchObject({ param, message }));

  it.each([[undefined], [null], ['text'], [[]]])('%j is none', (body) =>
    expect(refusalOf(body)).toMatchObject({ code: 'invalid_request' }),
  );

  it('hands fields that it does not know to upstreams of the same dialect, and lists them', () => {
    const decoded = decodeRequest({ prompt: 'a', seed: 5, style: 'x', user: 'u', metadata: { a: 'b', c: 1 }, x: null });
    expect(decoded.ignored).toEqual(['seed', 'style']);
    expect(decoded.request).toEqual({
      prompt: 'a',
      endUser: 'u',
      metadata: { a: 'b', c: '1' },
      providerOptions: { sora: { seed: 5, style: 'x' } },
    });
  });
});

describe('a source', () => {
  it.each([
    [{ video: { id: ID } }, 'video.id'],
    [{ video: ID }, 'video'],
    [{ video_id: ID }, 'video_id'],
    [{ video: { file_id: '01234567-89ab-cdef-0123-456789abcdef' } }, 'video.file_id'],
  ])('of an edit is found in %j', (fields, field) => {
    const { source } = decodeRequest({ prompt: 'a', ...fields }, { relation: 'edit' });
    expect(source).toEqual({ field, relation: 'edit', generationId: GENERATION });
  });

  it('of a remix is in the path, or named on creation', () => {
    const wish = { relation: 'remix', generationId: GENERATION };
    expect(decodeRequest({ prompt: 'a' }, { relation: 'remix', sourceId: ID }).source).toMatchObject(wish);
    expect(decodeRequest({ prompt: 'a', remix_target_id: ID }).source).toMatchObject(wish);
  });

  it.each([
    [{}, 'invalid_request', 'video'],
    [{ video: { id: 'nobody' } }, 'not_found', 'video.id'],
    [{ video: file }, 'unsupported', 'video'],
    [{ video: { url: 'https://a.b/' } }, 'unsupported', 'video.url'],
  ])('%j is refused', (fields, code, param) =>
    expect(refusalOf({ prompt: 'a', ...fields }, { relation: 'extension' })).toMatchObject({ code, param }),
  );
});

describe('a form', () => {
  const decodeForm = (...entries: [string, string | UploadedFile][]) =>
    decodeRequest(
      formBody(
        entries.map(([name, value]) => ({ name, value })),
        STRUCTURED_FIELDS,
      ),
    );

  it('says the same as JSON', () => {
    const decoded = decodeForm(
      ['prompt', '[scene] {a}'],
      ['seconds', '8'],
      ['size', '1280x720'],
      ['n', '1'],
      ['metadata[a]', 'b'],
      ['images[]', file],
      ['images[]', 'https://example.com/a.png'],
    );
    expect(decoded.request).toEqual({
      prompt: '[scene] {a}',
      durationSeconds: 8,
      size: { width: 1280, height: 720 },
      metadata: { a: 'b' },
    });
    expect(decoded.pictures).toMatchObject([{ from: upload }, { from: { type: 'url' } }]);
  });

  it.each([
    ['a file', ['input_reference', file], upload],
    ['a member in brackets', ['input_reference[file_id]', 'file_1'], { type: 'file', fileId: 'file_1' }],
    ['JSON', ['input_reference', '{"file_id":"file_1"}'], { type: 'file', fileId: 'file_1' }],
  ] as const)('takes a reference as %s', (_name, entry, from) => {
    expect(decodeForm(['prompt', 'a'], [...entry]).pictures).toMatchObject([{ from }]);
  });

  it('may hold a list of objects: a member that comes again begins the next', () => {
    const { pictures } = decodeForm(
      ['prompt', 'a'],
      ['references[][url]', 'https://a.b/1'],
      ['references[][name]', 'Tom'],
      ['references[][url]', 'https://a.b/2'],
      ['references[]', 'https://a.b/3'],
      ['references[][file_id]', 'file_4'],
    );
    expect(pictures).toEqual([
      { field: 'references[0]', role: 'reference', from: { type: 'url', url: 'https://a.b/1' }, note: { name: 'Tom' } },
      { field: 'references[1]', role: 'reference', from: { type: 'url', url: 'https://a.b/2' } },
      { field: 'references[2]', role: 'reference', from: { type: 'url', url: 'https://a.b/3' } },
      { field: 'references[3]', role: 'reference', from: { type: 'file', fileId: 'file_4' } },
    ]);
    const json = decodeForm(['prompt', 'a'], ['references', '[{"file_id":"file_1","type":"style"}]']);
    expect(json.pictures).toMatchObject([{ note: { type: 'style' } }]);
  });

  it('refuses JSON that is none, and a field given in two ways', () => {
    expect(() => decodeForm(['prompt', 'a'], ['metadata', '{"a"'])).toThrow("Invalid value for 'metadata'");
    expect(() =>
      formBody(
        [
          { name: 'video', value: 'x' },
          { name: 'video[id]', value: 'y' },
        ],
        STRUCTURED_FIELDS,
      ),
    ).toThrow("'video[id]'");
    expect(() => decodeForm(['prompt', 'a'], ['prompt', 'b'])).toThrow("Invalid type for 'prompt'");
  });

  it('cannot reach behind its members', () => {
    const body = formBody(
      [
        { name: 'metadata[__proto__][polluted]', value: 'x' },
        { name: 'constructor', value: 'y' },
      ],
      STRUCTURED_FIELDS,
    );
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(body)).toEqual(['metadata', 'constructor']);
  });
});

it('what is remixed is a video of this gateway, or a post that is left to those who know the website', () => {
  const post = `s_${'0123456789abcdef'.repeat(2)}`;
  for (const target of [post, `https://sora.example/p/${post}?a=b`]) {
    const decoded = decodeRequest({ prompt: 'by night', remix_target_id: target });
    expect(decoded).toMatchObject({ request: { providerOptions: { sora: { remix_target_id: post } } }, ignored: [] });
    expect(decoded).not.toHaveProperty('source');
  }
  expect(() => decodeRequest({ prompt: 'by night', remix_target_id: 's_1' })).toThrow(/No video/);
});

it('of those who appear ours are to be found, and the others are left to whoever knows them', () => {
  const own = `char_${'0123456789abcdef'.repeat(2)}`;
  const decoded = decodeRequest({ prompt: 'x', characters: [{ id: own }, 'char_vendor', { id: 'ch_1' }] });
  expect(decoded.characters).toEqual([{ field: 'characters[0]', generationId: own.replace('char', 'gen') }]);
  expect(decoded).toMatchObject({
    request: { providerOptions: { sora: { characters: ['char_vendor', { id: 'ch_1' }] } } },
    ignored: ['characters'],
  });
  expect(decodeRequest({ prompt: 'x', characters: [own] }).ignored).toEqual([]);
  expect(() => decodeRequest({ prompt: 'x', characters: ['a', 'b', 'c', 'd'] })).toThrow(/'characters'/);
});
