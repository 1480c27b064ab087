import { describe, expect, it } from 'vitest';
import { decodeCreate, decodeList } from './decode-request.js';

const fields = (members: Record<string, string>) => Object.entries(members).map(([name, value]) => ({ name, value }));

describe('a form that brings a file', () => {
  it.each([
    [{ purpose: 'batch' }, { purpose: 'batch', expiresAfterMs: undefined }],
    [
      { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600', purpose: 'user_data' },
      { purpose: 'user_data', expiresAfterMs: 3_600_000 },
    ],
    [
      { purpose: 'vision', expires_after: '{"anchor":"created_at","seconds":7200}' },
      { purpose: 'vision', expiresAfterMs: 7_200_000 },
    ],
  ])('%j', (members, decoded) => {
    expect(decodeCreate(fields(members))).toEqual(decoded);
  });

  it.each([
    [{}, 'purpose'],
    [{ purpose: 'batch_output' }, 'purpose'],
    [{ purpose: 'batch', 'expires_after[seconds]': '3600' }, 'expires_after.anchor'],
    [{ purpose: 'batch', 'expires_after[anchor]': 'created_at' }, 'expires_after.seconds'],
    [
      { purpose: 'batch', 'expires_after[anchor]': 'last_active_at', 'expires_after[seconds]': '3600' },
      'expires_after.anchor',
    ],
    [
      { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3599' },
      'expires_after.seconds',
    ],
    [
      { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': 'soon' },
      'expires_after.seconds',
    ],
    [{ purpose: 'batch', expires_after: 'tomorrow' }, 'expires_after'],
    [{ purpose: 'batch', expires_after: '[]' }, 'expires_after'],
  ])('%j is refused by the name of its field', (members, param) => {
    expect(() => decodeCreate(fields(members))).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param }) }),
    );
  });
});

describe('the query of a list', () => {
  it('has defaults', () => {
    expect(decodeList({})).toEqual({ order: 'newest', limit: 10_000 });
    expect(decodeList({ order: 'asc', limit: '2', after: 'file-1', purpose: 'batch_output' })).toEqual({
      order: 'oldest',
      limit: 2,
      after: 'file-1',
      purpose: 'batch_output',
    });
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: 'all' }, 'limit'],
    [{ order: 'size' }, 'order'],
    [{ purpose: 'fun' }, 'purpose'],
  ])('%j is refused by the name of its field', (query, param) => {
    expect(() => decodeList(query)).toThrow(expect.objectContaining({ data: expect.objectContaining({ param }) }));
  });
});
