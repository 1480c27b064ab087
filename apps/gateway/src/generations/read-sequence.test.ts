import { describe, expect, it } from 'vitest';
import { readSequence } from './read-sequence.js';

describe('readSequence', () => {
  it('takes what the rows can hold, and nothing for the start', () => {
    expect([undefined, '', '0', '17', '2147483647'].map(readSequence)).toEqual([0, 0, 0, 17, 2_147_483_647]);
  });

  it.each(['2147483648', '99999999999', '1e21', '-1', '1.5', 'last'])('refuses %s, naming the field', (text) => {
    expect(() => readSequence(text)).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: expect.objectContaining({ param: 'Last-Event-ID' }) }),
    );
  });
});
