import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE_CHARACTERS = 65_536;

/** Calls back for every line; a line without end is cut, so that it cannot fill the memory. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
    if (rest.length > LONGEST_LINE_CHARACTERS) {
      onLine(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  stream.on('error', () => undefined);
}
