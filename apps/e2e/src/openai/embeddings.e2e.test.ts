import { describe, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const { openai } = sluice;

describe('embeddings', () => {
  it('come as numbers, the same by base64 (the SDK’s way) as by float', async () => {
    const [viaBase64, viaFloat] = await Promise.all([
      openai.embeddings.create({ model: 'sim-embedding', input: ['one', 'two'] }),
      openai.embeddings.create({ model: 'sim-embedding', input: ['one', 'two'], encoding_format: 'float' }),
    ]);
    expect(viaBase64.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 256],
      [1, 256],
    ]);
    for (const [place, { embedding }] of viaFloat.data.entries()) {
      for (const [axis, value] of embedding.entries())
        expect(viaBase64.data[place]?.embedding[axis]).toBeCloseTo(value, 5);
    }
    expect(viaFloat.usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  it('are base64 on the wire when asked for', async () => {
    const body = { model: 'sim-embedding', input: 'one', encoding_format: 'base64', dimensions: 8 };
    const answer = (await sluice.call('/v1/embeddings', { body })).json();
    expect(answer).toMatchObject({
      object: 'list',
      model: 'sim-embedding',
      data: [{ object: 'embedding', embedding: expect.stringMatching(/^[\w+/]{43}=$/) as string }],
    });
  });

  it('of tokens, and of a vendor that knows no base64', async () => {
    const { data } = await openai.embeddings.create({
      model: 'sim-embedding',
      input: [[1, 2, 3], [4]],
      dimensions: 16,
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([16, 16]);
    const floats = await openai.embeddings.create({
      model: 'sim-embedding',
      input: 'x [[sim:ignore-encoding-format]]',
    });
    expect(floats.data[0]?.embedding).toHaveLength(256);
  });

  it('that fail are told in the same shape', async () => {
    await expect(openai.embeddings.create({ model: 'sim-embedding', input: [] })).rejects.toMatchObject({
      status: 400,
      param: 'input',
    });
    await expect(openai.embeddings.create({ model: 'no-such-model', input: 'x' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    const { model } = await sluice.admin.createModel();
    await expect(openai.embeddings.create({ model, input: '[[sim:status=401]]' })).rejects.toMatchObject({
      status: 502,
      code: 'upstream_auth',
    });
  });
});
