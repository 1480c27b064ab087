import { describe, expect, it } from 'vitest';
import { streamEnd, textChunk } from '../upstream/stand-in-answers.js';
import { StreamScanner } from './stream-scanner.js';

const far = Number.MAX_SAFE_INTEGER;

function scan(text: string, pieceLength = text.length): StreamScanner {
  const scanner = new StreamScanner(() => undefined);
  for (let at = 0; at < text.length; at += pieceLength) scanner.feed(text.slice(at, at + pieceLength), far);
  return scanner;
}

const chunks = (...sequences: number[]): string =>
  sequences.map((sequence) => textChunk('bench-instant', sequence)).join('');

describe('StreamScanner', () => {
  it('counts every chunk once, wherever the stream is cut', () => {
    const text = chunks(...Array.from({ length: 20 }, (_item, index) => index)) + streamEnd('bench-instant', 'usage');
    for (let pieceLength = 1; pieceLength <= 200; pieceLength += 1) {
      const { received, reordered, merged, hasEnd } = scan(text, pieceLength);
      expect({ received, reordered, merged, hasEnd }).toEqual({ received: 20, reordered: 0, merged: 0, hasEnd: true });
    }
  });

  it('sees chunks out of order', () => {
    expect(scan(chunks(0, 2, 1)).reordered).toBe(2);
  });

  it('sees texts that were gathered into one chunk', () => {
    expect(scan('data: {"content":"0@1234567 1@1234568 "}')).toMatchObject({ received: 2, merged: 1 });
  });

  it('sees a missing end', () => {
    expect(scan(chunks(0, 1)).hasEnd).toBe(false);
  });

  it('measures from the write of a chunk to its read', () => {
    const delays: number[] = [];
    new StreamScanner((delay) => delays.push(delay)).feed('"content":"0@1000000 "', 1_000_450);
    expect(delays).toEqual([450]);
  });
});
