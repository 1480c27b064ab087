import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { decodeResponse } from './decode-response.js';
import { encodeRequest } from './encode-request.js';
import { encodeResponse } from './encode-response.js';
import { packVector, unpackVector } from './vector.js';

describe('a request', () => {
  it.each([
    ['a text', 'a', ['a']],
    ['texts', ['a', 'b'], ['a', 'b']],
    ['tokens', [1, 2], [[1, 2]]],
    ['lists of tokens', [[1], [2, 3]], [[1], [2, 3]]],
  ])('takes %s', (_name, input, inputs) => {
    expect(decodeRequest({ model: 'm', input }).request).toEqual({ model: 'm', inputs });
  });

  it('carries what it knows and lists the rest', () => {
    const body = { model: 'm', input: 'a', dimensions: 3, user: 'u', encoding_format: 'base64', input_type: 'query' };
    expect(decodeRequest(body)).toEqual({
      request: { model: 'm', inputs: ['a'], dimensions: 3, endUser: 'u' },
      encodingFormat: 'base64',
      ignored: ['input_type'],
      native: body,
    });
    expect(decodeRequest({ model: 'm', input: 'a' }).encodingFormat).toBe('float');
  });

  it.each([
    [{ model: 'm' }, 'input', "Missing required parameter: 'input'."],
    [{ model: 'm', input: 5 }, 'input', "Invalid type for 'input': expected a string or an array, got an integer."],
    [{ model: 'm', input: [] }, 'input', "Invalid 'input': empty array. Expected at least 1."],
    [{ model: 'm', input: ['a', 5] }, 'input[1]', "Invalid type for 'input[1]': expected a string, got an integer."],
    [
      { model: 'm', input: 'a', dimensions: 0 },
      'dimensions',
      "Invalid 'dimensions': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    ],
    [
      { model: 'm', input: 'a', encoding_format: 'hex' },
      'encoding_format',
      "Invalid value for 'encoding_format': 'hex'. Supported values are: 'float', 'base64'.",
    ],
  ])('%j is refused', (body, param, message) => {
    expect(() => decodeRequest(body)).toThrow(
      expect.objectContaining({ message, data: expect.objectContaining({ param }) }),
    );
  });

  it('asks the upstream for base64, on the own body of a client that speaks the same', () => {
    const request = { model: 'm', inputs: ['a'], dimensions: 2 };
    expect(encodeRequest(request, { model: 'real' })).toEqual({
      model: 'real',
      input: 'a',
      dimensions: 2,
      encoding_format: 'base64',
    });
    const native = { model: 'm', input: 'a', encoding_format: 'float', input_type: 'query' };
    expect(encodeRequest(request, { model: 'real', native })).toEqual({
      model: 'real',
      input: 'a',
      encoding_format: 'base64',
      input_type: 'query',
    });
  });
});

describe('vectors', () => {
  it('are little-endian float32', () => {
    expect(packVector([1, -2])).toBe(Buffer.from([0, 0, 128, 63, 0, 0, 0, 192]).toString('base64'));
  });

  it('lose nothing on the way through numbers', () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 });
    fc.assert(
      fc.property(vector, (numbers) => {
        const unpacked = unpackVector(packVector(numbers));
        expect(
          packVector(
            JSON.parse(JSON.stringify(unpacked)).map((each: number, index: number) =>
              Object.is(numbers[index], -0) ? -0 : each,
            ),
          ),
        ).toBe(packVector(numbers));
      }),
      { numRuns: 200 },
    );
  });

  it('are refused where bytes are missing', () => {
    expect(() => unpackVector('AAA=')).toThrow(GatewayError);
  });
});

describe('an answer', () => {
  it('is the same whether the upstream knew base64 or not', () => {
    const numbers = {
      model: 'up',
      data: [
        { index: 1, embedding: [3] },
        { index: 0, embedding: [1, 2] },
      ],
      usage: { prompt_tokens: 4, total_tokens: 4 },
    };
    const packed = {
      ...numbers,
      data: numbers.data.map(({ index, embedding }) => ({ index, embedding: packVector(embedding) })),
    };
    const parts: Part[] = decodeResponse(numbers, { count: 2 });
    expect(parts).toEqual(decodeResponse(packed, { count: 2 }));
    expect(encodeResponse(parts, { model: 'm', encodingFormat: 'float' })).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [1, 2] },
        { object: 'embedding', index: 1, embedding: [3] },
      ],
      model: 'm',
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    expect(encodeResponse(parts, { model: 'm', encodingFormat: 'base64' })).toMatchObject({
      data: [{ embedding: packVector([1, 2]) }, {}],
    });
  });

  it.each([[null], [{}], [{ data: [{ embedding: ['a'] }] }], [{ data: [] }], [{ data: [{ embedding: 5 }] }]])(
    '%j is a bad one',
    (json) => {
      expect(() => decodeResponse(json, { count: 1 })).toThrow(
        expect.objectContaining({ code: 'upstream_bad_answer' }),
      );
    },
  );

  it('throws what failed', () => {
    const parts: Part[] = [{ type: 'failed', error: { code: 'overloaded', message: 'later' } }];
    expect(() => encodeResponse(parts, { model: 'm', encodingFormat: 'float' })).toThrow('later');
  });
});
