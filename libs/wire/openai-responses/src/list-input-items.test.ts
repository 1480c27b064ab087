import { describe, expect, it } from 'vitest';
import { ID } from './answer.fixture.js';
import { createItemId, responseOfItem, toGenerationId } from './item-id.js';
import { keepInputItems, listInputItems } from './list-input-items.js';
import { parseRequest } from './parse-request.js';

describe('input items', () => {
  it('are kept with ids and with content as parts', () => {
    const { items } = parseRequest({
      model: 'm',
      input: [
        { role: 'user', content: 'hi' },
        { id: 'msg_own', role: 'assistant', content: 'ho' },
      ],
    });
    expect(keepInputItems(items, ID)).toEqual([
      {
        id: `msg_${ID.slice(5)}i0`,
        type: 'message',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_text', text: 'hi' }],
      },
      {
        id: 'msg_own',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'ho', annotations: [] }],
      },
    ]);
  });

  const items = ['a', 'b', 'c'].map((id) => ({ id }));
  const page = (query: object) => {
    const { data, has_more: hasMore } = listInputItems(items, query) as { data: { id: string }[]; has_more: boolean };
    return [data.map(({ id }) => id).join(''), hasMore];
  };

  it('are listed page by page, the last first', () => {
    expect(page({})).toEqual(['cba', false]);
    expect(page({ limit: '2' })).toEqual(['cb', true]);
    expect(page({ limit: '2', after: 'b' })).toEqual(['a', false]);
    expect(page({ order: 'asc', after: 'a' })).toEqual(['bc', false]);
    expect(() => page({ after: 'z' })).toThrow(/no item/);
    expect(() => page({ limit: '0' })).toThrow(/limit/);
  });
});

describe('ids', () => {
  it('of items lead to their response', () => {
    const id = createItemId({ responseId: ID, type: 'reasoning', place: { side: 'output', index: 12 } });
    expect(responseOfItem(id)).toEqual({ responseId: ID, place: { side: 'output', index: 12 } });
    expect(responseOfItem('rs_foreign')).toBeUndefined();
  });

  it('of responses lead to their generation', () => {
    expect(toGenerationId(ID)).toBe(ID.replace('resp_', 'gen_'));
    expect(toGenerationId('resp_x')).toBeUndefined();
  });
});
