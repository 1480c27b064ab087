import { expect, it } from 'vitest';
import { createFakeHttp } from './fake-http.js';
import { readJson } from './read-json.js';

async function read(text: string): Promise<unknown> {
  const http = createFakeHttp({ pieces: [text] });
  return readJson(
    await http.request({ method: 'GET', url: 'http://upstream.test', signal: new AbortController().signal }),
  );
}

it('reads JSON', async () => {
  expect(await read('{"a":1}')).toEqual({ a: 1 });
});

it.each([
  ['', 'The upstream sent nothing instead of JSON.'],
  [' <html>', 'The upstream sent a web page instead of JSON.'],
  ['oops', 'The upstream sent something else instead of JSON.'],
])('says what %j is', async (text, message) => {
  await expect(read(text)).rejects.toThrow(expect.objectContaining({ code: 'upstream_bad_answer', message }));
});
