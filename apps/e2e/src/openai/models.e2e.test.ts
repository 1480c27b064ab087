import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { unique } from '../harness/unique.js';

const sluice = sharedSluice();

describe('models', () => {
  it('lists those of the credentials in use', async () => {
    const { data } = await sluice.openai.models.list();
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['sim-chat', 'sim-embedding']));
    for (const model of data)
      expect(model).toMatchObject({
        object: 'model',
        created: expect.any(Number) as number,
        owned_by: expect.any(String) as string,
      });
  });

  it('names a new credential’s model at once, slashes included', async () => {
    const model = `${unique('vendor')}/team/name`;
    await sluice.admin.createModel({ models: [model] });
    const found = await eventually('the model is known', () => sluice.openai.models.retrieve(model), {
      withinMs: 3_000,
    });
    expect(found).toMatchObject({ id: model, object: 'model' });
    expect((await sluice.call(`/v1/models/${model}`)).json()).toMatchObject({ id: model });
    expect((await sluice.stream('hi', { model })).text).toBe('Simulated reply to: hi');
  });

  it('says when there is no such model', async () => {
    await expect(sluice.openai.models.retrieve('no/such')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});
