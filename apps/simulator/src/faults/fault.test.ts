import { describe, expect, it } from 'vitest';
import { parseFault, withoutFailure } from './fault.js';
import { readMarkers, withoutMarkers } from './read-markers.js';

describe('markers', () => {
  it('reads several markers, comma-separated or repeated', () => {
    const written = readMarkers('hi [[sim:chunks=20, crlf]] and [[sim:status=503,retry-after=2]]');
    expect(parseFault(written ?? {})).toEqual({ chunks: 20, crlf: true, status: 503, retryAfter: 2 });
  });

  it('sees none in a plain prompt', () => {
    expect(readMarkers('what is [[sim]]?')).toBeUndefined();
  });

  it('takes the markers out of the text', () => {
    expect(withoutMarkers('hi [[sim:once,cut]]')).toBe('hi');
  });
});

describe('parseFault', () => {
  it('takes kebab-case and camelCase alike', () => {
    expect(parseFault({ 'first-byte-delay-ms': '5' })).toEqual(parseFault({ firstByteDelayMs: 5 }));
  });

  it.each([
    [{ stall: true }, { stallAfter: 2 }],
    [{ stall: '7' }, { stallAfter: 7 }],
    [{ 'cut-after': 0 }, { cutAfter: 0 }],
    [{ 'error-in-stream': true }, { errorAfter: 2 }],
    [{ once: true }, { failTimes: 1 }],
    [{ 'no-usage': true }, { usage: 'none' }],
    [{ 'slow-body': true }, { slowBodyBytes: 16 }],
    [{ size: '100' }, { sizeBytes: 100 }],
    [{ 'split-utf8': 'false' }, { splitUtf8: false }],
  ])('reads %j as %j', (written, fault) => {
    expect(parseFault(written)).toEqual(fault);
  });

  it('refuses a name it does not know', () => {
    expect(() => parseFault({ stattus: 500 })).toThrow(/stattus/);
  });

  it('refuses a value out of range', () => {
    expect(() => parseFault({ status: 1000 })).toThrow();
  });
});

it('keeps the shape of the reply when the failure part is spent', () => {
  expect(withoutFailure({ chunks: 3, tools: 2, status: 500, failTimes: 1 })).toEqual({ chunks: 3, tools: 2 });
});
