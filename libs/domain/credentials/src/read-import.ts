import { AssignedLines } from './assigned-lines.js';
import { JsonArraySplitter, type ArrayElement } from './split-json-array.js';

/** One row of an import as it was given: the number is that of the line or of the element, from 1. */
export type ImportRow =
  | { row: number; type: 'json'; value: unknown; bytes: number }
  | { row: number; type: 'line'; text: string }
  | { row: number; type: 'unreadable'; problem: string };

const MEBIBYTE = 1024 * 1024;
const LONGEST_ROW = MEBIBYTE;
/** A document of a foreign format has to be read whole. */
const LONGEST_DOCUMENT = 32 * MEBIBYTE;

/**
 * Rows from a body of any length: a JSON array, JSON lines, plain lines, or one JSON document. Memory stays bounded.
 * Lines that set one of the `variables` are the environment of another system, and come last, as one document.
 */
export async function* readImport(
  body: AsyncIterable<Uint8Array>,
  { variables = [] }: { variables?: readonly string[] } = {},
): AsyncGenerator<ImportRow> {
  const assigned = new AssignedLines(variables);
  const pieces = decode(body);
  const { begin, isEnded } = await readBeginning(pieces);
  const all = prepend(begin, pieces);
  const sign = begin.trimStart().charAt(0);
  if (sign === '[') yield* readArray(all);
  else if (sign === '{' && !isJsonLine(begin, isEnded)) yield await readDocument(all);
  else {
    for await (const row of readLines(all)) if (row.type !== 'line' || !assigned.take(row)) yield row;
    yield* assigned.document();
  }
}

async function* decode(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** Up to the end of the first line, or as much as a row may have. */
async function readBeginning(pieces: AsyncGenerator<string>): Promise<{ begin: string; isEnded: boolean }> {
  let begin = '';
  while (!begin.trimStart().includes('\n') && begin.length <= LONGEST_ROW) {
    const next = await pieces.next();
    if (next.done) return { begin, isEnded: true };
    begin += next.value;
  }
  return { begin, isEnded: false };
}

async function* prepend(begin: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield begin;
  yield* pieces;
}

function isJsonLine(text: string, isEnded: boolean): boolean {
  const begin = text.trimStart();
  const end = begin.indexOf('\n');
  if (end < 0 && !isEnded) return false;
  return toJsonRow(0, end < 0 ? begin : begin.slice(0, end)).type === 'json';
}

async function* readArray(pieces: AsyncIterable<string>): AsyncGenerator<ImportRow> {
  const splitter = new JsonArraySplitter(LONGEST_ROW);
  let row = 0;
  for await (const piece of pieces) for (const element of splitter.push(piece)) yield toElementRow(++row, element);
  if (!splitter.isClosed)
    yield { row: row + 1, type: 'unreadable', problem: 'the array ends before its closing bracket' };
}

function toElementRow(row: number, element: ArrayElement): ImportRow {
  return element === undefined ? tooLong(row) : toJsonRow(row, element);
}

async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<ImportRow> {
  let rest = '';
  let isTooLong = false;
  let row = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      row += 1;
      const read = isTooLong || line.length > LONGEST_ROW ? tooLong(row) : toLineRow(row, line);
      isTooLong = false;
      if (read) yield read;
    }
    if (rest.length <= LONGEST_ROW) continue;
    isTooLong = true;
    rest = '';
  }
  const last = isTooLong ? tooLong(row + 1) : toLineRow(row + 1, rest);
  if (last) yield last;
}

/** Undefined for what is empty or a comment. */
function toLineRow(row: number, line: string): ImportRow | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  return text.startsWith('{') ? toJsonRow(row, text) : { row, type: 'line', text };
}

async function readDocument(pieces: AsyncIterable<string>): Promise<ImportRow> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > LONGEST_DOCUMENT)
      return {
        row: 1,
        type: 'unreadable',
        problem: `is a document of more than ${LONGEST_DOCUMENT / MEBIBYTE} MiB; give its rows as an array or as lines`,
      };
  }
  return toJsonRow(1, text);
}

function toJsonRow(row: number, text: string): ImportRow {
  try {
    return { row, type: 'json', value: JSON.parse(text), bytes: text.length };
  } catch {
    // What the parser says quotes the text, which may be a secret.
    return { row, type: 'unreadable', problem: 'is not valid JSON' };
  }
}

function tooLong(row: number): ImportRow {
  return { row, type: 'unreadable', problem: `is longer than ${LONGEST_ROW / MEBIBYTE} MiB` };
}
