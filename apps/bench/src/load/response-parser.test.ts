import { describe, expect, it } from 'vitest';
import { ResponseParser } from './response-parser.js';

const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n';
const empty = 'HTTP/1.1 204 No Content\r\n\r\n';

function read(text: string, pieceLength: number): string[] {
  const seen: string[] = [];
  let body = '';
  const parser = new ResponseParser({
    onStatus: (status) => seen.push(String(status)),
    onData: (piece) => (body += piece),
    onEnd: () => {
      seen.push(body);
      body = '';
    },
  });
  for (let at = 0; at < text.length; at += pieceLength) parser.feed(text.slice(at, at + pieceLength));
  return seen;
}

describe('ResponseParser', () => {
  it('reads answers one after another, wherever the connection cuts them', () => {
    const text = sized + chunked + empty + sized;
    const expected = ['200', 'hello', '500', 'abc0123456789abcdef', '204', '', '200', 'hello'];
    for (let pieceLength = 1; pieceLength <= text.length; pieceLength += 1) {
      expect(read(text, pieceLength)).toEqual(expected);
    }
  });

  it('takes the end of the connection as the end of an answer without a length', () => {
    const ends: string[] = [];
    const parser = new ResponseParser({
      onStatus: () => undefined,
      onData: (piece) => ends.push(piece),
      onEnd: () => ends.push('end'),
    });
    parser.feed('HTTP/1.1 200 OK\r\n\r\nall');
    expect(parser.close()).toBe('complete');
    expect(ends).toEqual(['all', 'end']);
  });

  it('calls an answer cut when its length was not reached', () => {
    const parser = new ResponseParser({ onStatus: () => undefined, onData: () => undefined, onEnd: () => undefined });
    parser.feed('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell');
    expect(parser.close()).toBe('cut');
  });
});
