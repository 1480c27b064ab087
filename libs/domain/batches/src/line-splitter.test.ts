import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';

function split(text: string | Buffer, size: number, longestBytes = 1_000) {
  const bytes = Buffer.from(text);
  const splitter = new LineSplitter(longestBytes);
  const lines = [];
  for (let from = 0; from < bytes.length; from += size) lines.push(...splitter.push(bytes.subarray(from, from + size)));
  lines.push(...splitter.flush());
  return lines.map(({ content, ...line }) => ({ ...line, text: content?.toString() }));
}

describe('lines', () => {
  const text = '\ufeff{"a":"größe"}\r\n\n  \t\r\n{"b":2}\n{"c":"日本"}';
  const expected = [
    { number: 1, position: 3, length: 15, text: '{"a":"größe"}' },
    { number: 4, position: 26, length: 7, text: '{"b":2}' },
    { number: 5, position: 34, length: 14, text: '{"c":"日本"}' },
  ];

  it.each([1, 2, 3, 5, 7, 16, 1_000])('are the same, cut every %i bytes', (size) => {
    expect(split(text, size)).toEqual(expected);
  });

  it('lie where they say', () => {
    const bytes = Buffer.from(text);
    for (const { position, length, text: line } of split(text, 4))
      expect(bytes.subarray(position, position + length).toString()).toBe(line);
  });

  it('that are too long are told, and not held', () => {
    expect(split(`${'x'.repeat(50)}\nshort\n`, 8, 20)).toEqual([
      { number: 1, position: 0, length: 50, text: undefined },
      { number: 2, position: 51, length: 5, text: 'short' },
    ]);
  });

  it('of an empty file are none', () => {
    expect(split('\n\r\n\n', 1)).toEqual([]);
  });
});
