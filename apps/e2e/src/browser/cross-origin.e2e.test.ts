import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const page = createServer((_, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>elsewhere</title>'),
);
let browser: Browser;
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  page.close();
});

interface Question {
  url: string;
  key: string;
}

it('a page of another origin streams a chat, chunk by chunk, and reads its id', async () => {
  const tab = await browser.newPage();
  await tab.goto(origin);
  const seen = await tab.evaluate(
    async ({ url, key }: Question) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-stainless-lang': 'js' },
        body: JSON.stringify({
          model: 'sim-chat',
          stream: true,
          messages: [{ role: 'user', content: 'from a page [[sim:chunks=8,chunk-delay-ms=60]]' }],
        }),
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      let reads = 0;
      for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
        text += read.value;
        reads += 1;
      }
      return {
        status: response.status,
        id: response.headers.get('x-request-id'),
        generation: response.headers.get('x-sluice-generation'),
        text,
        reads,
      };
    },
    { url: `${sluice.run.gateway}/v1/chat/completions`, key: sluice.run.apiKey },
  );
  expect(seen).toMatchObject({
    status: 200,
    id: expect.stringMatching(/^req_/) as string,
    generation: expect.stringMatching(/^gen_/) as string,
  });
  expect(seen.reads).toBeGreaterThan(3);
  expect(seen.text).toMatch(/data: \[DONE\]\n\n$/);
  await tab.close();
});

it('a page of another origin can read an error', async () => {
  const tab = await browser.newPage();
  await tab.goto(origin);
  const seen = await tab.evaluate(async (url: string) => {
    const response = await fetch(url, { headers: { authorization: 'Bearer sk-wrong' } });
    return { status: response.status, body: (await response.json()) as unknown };
  }, `${sluice.run.gateway}/v1/models`);
  expect(seen).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
  await tab.close();
});
