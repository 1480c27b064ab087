import { expect, test } from 'vitest';
import { readImport, type ImportRow } from './read-import.js';

async function read(text: string, pieceBytes = 7): Promise<ImportRow[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
  }
  const rows: ImportRow[] = [];
  for await (const row of readImport(pieces())) rows.push(row);
  return rows;
}

const values = (rows: ImportRow[]) =>
  rows.map((row) => (row.type === 'json' ? row.value : row.type === 'line' ? row.text : row.problem));

test.each([1, 2, 3, 5, 1_000])('an array is cut right, in pieces of %i bytes', async (pieceBytes) => {
  const given = [{ a: 'x,]}"\\', b: [1, [2]] }, 'ключ', { c: {} }, 3];
  expect(values(await read(` \n${JSON.stringify(given, null, 2)}`, pieceBytes))).toEqual(given);
});

test.each([1, 4, 1_000])('lines of JSON and of text, in pieces of %i bytes', async (pieceBytes) => {
  const rows = await read('sk-one\r\n\n# a comment\n{"a":1}\n{broken\nsk-two', pieceBytes);
  expect(values(rows)).toEqual(['sk-one', { a: 1 }, 'is not valid JSON', 'sk-two']);
  expect(rows.map(({ row }) => row)).toEqual([1, 4, 5, 6]);
});

test('an element that is broken leaves the others', async () => {
  expect(values(await read('[{"a":1},{"a":},{"a":2}]'))).toEqual([{ a: 1 }, 'is not valid JSON', { a: 2 }]);
});

test('an array that ends early says so, and what was whole stands', async () => {
  expect(values(await read('[{"a":1},{"a":2'))).toEqual([{ a: 1 }, 'the array ends before its closing bracket']);
});

test('a document over many lines is one row', async () => {
  expect(values(await read('{\n  "keys": [\n "a"]\n}'))).toEqual([{ keys: ['a'] }]);
});

test('JSON lines that begin with an object are rows each', async () => {
  expect(values(await read('{"a":1}\n{"a":2}\n'))).toEqual([{ a: 1 }, { a: 2 }]);
});

test('what is too long is refused, and the next row is read', async () => {
  const long = 'x'.repeat(1_100_000);
  expect(values(await read(`["${long}",1]`, 65_536))).toEqual(['is longer than 1 MiB', 1]);
  expect(values(await read(`${long}\nsk-next`, 65_536))).toEqual(['is longer than 1 MiB', 'sk-next']);
});

test('nothing is nothing', async () => {
  expect(await read('')).toEqual([]);
  expect(await read('[]')).toEqual([]);
});

test('lines that set the variables of another system are one document, after the rest', async () => {
  const bytes = Buffer.from(
    '# its database\nMYSQL_HOST=db\nAPI_KEYS=["a=b","c"] # two\nexport AUTH_TOKEN="x # y"\nUNKNOWN=1\nsk-line=\n',
  );
  async function* pieces() {
    yield bytes;
  }
  const rows: ImportRow[] = [];
  for await (const row of readImport(pieces(), { variables: ['API_KEYS', 'AUTH_TOKEN', 'MYSQL_*'] })) rows.push(row);
  expect(values(rows)).toEqual([
    'UNKNOWN=1',
    'sk-line=',
    { MYSQL_HOST: 'db', API_KEYS: '["a=b","c"]', AUTH_TOKEN: 'x # y' },
  ]);
  expect(rows.at(-1)?.row).toBe(2);
});
