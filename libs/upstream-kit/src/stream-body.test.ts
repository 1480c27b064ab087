import type { Clock } from '@sluice/contracts/clock';
import { expect, it } from 'vitest';
import { createFakeHttp, type FakeAnswer, type FakeHttp } from './fake-http.js';
import { StreamBody } from './stream-body.js';

/** Time that passes when told to. */
function createManualClock(): Clock & { pass(): void } {
  const waiting = new Set<() => void>();
  return {
    now: () => 0,
    after(_delayMs, callback) {
      waiting.add(callback);
      return () => waiting.delete(callback);
    },
    pass: () => waiting.forEach((callback) => callback()),
  };
}

async function open(
  answer: FakeAnswer,
  signal = new AbortController().signal,
): Promise<{ body: StreamBody; http: FakeHttp; pass(): void }> {
  const clock = createManualClock();
  const http = createFakeHttp(answer);
  const response = await http.request({ method: 'GET', url: 'http://upstream.test', signal });
  return { body: new StreamBody(response, { clock, signal }), http, pass: () => clock.pass() };
}

it('shows its first byte and still gives all of them', async () => {
  const { body } = await open({ pieces: ['\uFEFF \r\n', '', '  {', '"a":1}'] });
  expect(await body.firstByte()).toBe('{'.charCodeAt(0));
  expect(await body.text(100)).toBe('\uFEFF \r\n  {"a":1}');
});

it('has no first byte where there is none', async () => {
  const { body } = await open({ pieces: [' \n'] });
  expect(await body.firstByte()).toBeUndefined();
});

it('gives up a text that is too long', async () => {
  const { body, http } = await open({ pieces: ['12345', '67890'] });
  expect(await body.text(7)).toBeUndefined();
  expect(http.openBodies()).toBe(0);
});

it('is read out when it is left early, so that the connection can serve again', async () => {
  const { body, http } = await open({ pieces: ['a', 'b', 'c'] });
  for await (const piece of body) {
    expect(Buffer.from(piece).toString()).toBe('a');
    break;
  }
  expect(http.openBodies()).toBe(0);
});

it('is given up when it does not end in time', async () => {
  const controller = new AbortController();
  const { body, http, pass } = await open({ pieces: ['a'], ending: 'stall' }, controller.signal);
  const iterator = body[Symbol.asyncIterator]();
  await iterator.next();
  const left = iterator.return?.();
  expect(http.openBodies()).toBe(1);
  pass();
  await left;
  expect(http.openBodies()).toBe(0);
  controller.abort();
});

it('is given up at once when the caller has left', async () => {
  const controller = new AbortController();
  const { body, http } = await open({ pieces: ['a'], ending: 'stall' }, controller.signal);
  const iterator = body[Symbol.asyncIterator]();
  await iterator.next();
  controller.abort();
  await iterator.return?.();
  expect(http.openBodies()).toBe(0);
});
