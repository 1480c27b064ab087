import { expect, it } from 'vitest';
import { decodeModelList } from './decode-response.js';
import { encodeModel, encodeModelList } from './encode-response.js';

it('lists models with every member that is required', () => {
  expect(encodeModelList([{ id: 'a/b', createdAtSeconds: 5, ownedBy: 'x' }, { id: 'c' }])).toEqual({
    object: 'list',
    data: [
      { id: 'a/b', object: 'model', created: 5, owned_by: 'x' },
      { id: 'c', object: 'model', created: 0, owned_by: 'sluice' },
    ],
  });
  expect(encodeModel({ id: 'c' })).toMatchObject({ id: 'c', object: 'model' });
});

it.each([
  [
    'the contract',
    { object: 'list', data: [{ id: 'a', created: 5, owned_by: 'x' }] },
    [{ id: 'a', createdAtSeconds: 5, ownedBy: 'x' }],
  ],
  [
    'milliseconds',
    { data: [{ id: 'a', created: 1_766_000_000_123.5 }] },
    [{ id: 'a', createdAtSeconds: 1_766_000_000 }],
  ],
  ['wrong members', { data: [{ id: 'a', created: '2025', owned_by: 7 }] }, [{ id: 'a' }]],
  [
    'entries without an id, and a second time the same',
    { data: [{}, { id: 'a' }, { id: 'a' }, null, 5] },
    [{ id: 'a' }],
  ],
  ['a bare list', [{ id: 'a' }], [{ id: 'a' }]],
  ['names only', { models: ['a', 'b'] }, [{ id: 'a' }, { id: 'b' }]],
])('reads %s', (_name, json, models) => {
  expect(decodeModelList(json)).toEqual(models);
});

it.each([[null], ['x'], [{}], [{ data: 'x' }]])('%j is a bad answer', (json) => {
  expect(() => decodeModelList(json)).toThrow(expect.objectContaining({ code: 'upstream_bad_answer' }));
});
