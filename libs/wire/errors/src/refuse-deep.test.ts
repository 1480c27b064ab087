import { describe, expect, it } from 'vitest';
import { refuseDeep } from './refuse-deep.js';

const nested = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`);

describe('refuseDeep', () => {
  it('lets through what clients send', () => {
    expect(() => refuseDeep({ model: 'm', schema: nested(100) })).not.toThrow();
    expect(() => refuseDeep('text')).not.toThrow();
  });

  it.each([300, 200_000])('names the field that is nested %i times', (depth) => {
    expect(() => refuseDeep({ model: 'm', tools: nested(depth) })).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'invalid_request', param: 'tools' }) }),
    );
  });

  it('names none where the body has none', () => {
    expect(() => refuseDeep([nested(300)])).toThrow(/^The body: nested more than/);
  });
});
