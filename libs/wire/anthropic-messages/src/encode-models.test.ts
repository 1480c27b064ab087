import { expect, it } from 'vitest';
import { encodeModel, encodeModelList } from './encode-models.js';

const MODELS = ['a', 'b', 'c', 'd'].map((id) => ({ id, createdAtSeconds: 86_400 }));

it('is a model in this dialect', () => {
  expect(encodeModel({ id: 'a', createdAtSeconds: 86_400 })).toMatchObject({
    type: 'model',
    id: 'a',
    display_name: 'a',
    created_at: '1970-01-02T00:00:00.000Z',
  });
});

it.each<[object, string, boolean]>([
  [{}, 'abcd', false],
  [{ limit: '2' }, 'ab', true],
  [{ limit: '2', after_id: 'b' }, 'cd', false],
  [{ limit: '1', after_id: 'b' }, 'c', true],
  [{ limit: '2', before_id: 'd' }, 'bc', true],
  [{ after_id: 'd' }, '', false],
])('%j', (query, ids, hasMore) => {
  const { data, has_more, first_id, last_id } = encodeModelList(MODELS, query) as { data: { id: string }[] } & Record<
    string,
    unknown
  >;
  expect(data.map(({ id }) => id).join('')).toBe(ids);
  expect([has_more, first_id, last_id]).toEqual([hasMore, ids[0] ?? null, ids.at(-1) ?? null]);
});

it.each([{ limit: '0' }, { limit: 'x' }, { after_id: 'nope' }])('%j is refused', (query) => {
  expect(() => encodeModelList(MODELS, query)).toThrow();
});
