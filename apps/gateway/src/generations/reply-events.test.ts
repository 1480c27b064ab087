import { once } from 'node:events';
import { type IncomingMessage, request as call } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Part } from '@sluice/contracts/part';
import { LiveTail } from '@sluice/domain-generations/live-tail';
import { fastify, type FastifyReply } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { replyEvents } from './reply-events.js';

const TEXT: Part = { type: 'text-delta', choice: 0, text: 'x'.repeat(100_000) };
const DONE: Part = { type: 'succeeded' };
const linkTo = ({ key }: { key: string }) => `https://here/${key}?signed`;

const servers: ReturnType<typeof fastify>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A client whose call is in the hands of the test: `reply` as its handler got it. */
async function connect() {
  const server = fastify({ forceCloseConnections: true });
  servers.push(server);
  // In an object, since a reply is a promise of its own end.
  const called = new Promise<{ reply: FastifyReply }>((resolve) => {
    server.get('/', (_request, reply) => {
      resolve({ reply });
      return new Promise(() => {});
    });
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const client = call(`${server.listeningOrigin}/`);
  client.on('error', () => {});
  client.end();
  return { client, ...(await called) };
}

it('closes the tail of a client that left while it was opened', async () => {
  const { client, reply } = await connect();
  const left = once(reply.raw, 'close');
  client.destroy();
  await left;
  let isForgotten = false;
  const tail = new LiveTail('gen_1', 0, () => (isForgotten = true));
  const replied = replyEvents({ reply, tail, linkTo });
  expect(isForgotten).toBe(true);
  await replied;
});

it('writes no faster than its client reads, and leaves nothing out', async () => {
  const { client, reply } = await connect();
  const answered = once(client, 'response') as Promise<[IncomingMessage]>;
  const tail = new LiveTail('gen_1', 0, () => {});
  const replied = replyEvents({ reply, tail, linkTo });
  const [response] = await answered;
  for (let sequence = 1; sequence <= 200; sequence += 1) tail.offer([{ sequence, part: TEXT }]);
  await setImmediate();
  expect(reply.raw.writableLength).toBeLessThan(1_000_000);
  tail.offer([{ sequence: 201, part: DONE }]);
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  await replied;
  expect(text.match(/^id: /gm)).toHaveLength(201);
  expect(text).toContain('event: succeeded');
});

it('tells files as links, and not where they lie', async () => {
  const { client, reply } = await connect();
  const answered = once(client, 'response') as Promise<[IncomingMessage]>;
  const tail = new LiveTail('gen_1', 0, () => {});
  const replied = replyEvents({ reply, tail, linkTo });
  const [response] = await answered;
  const media = { key: 'generations/1/a.png', mediaType: 'image/png', bytes: 3 };
  const result: Part = { type: 'result', files: [{ role: 'result', media, sha256: 'x' }], facts: {} };
  tail.offer([
    { sequence: 1, part: { type: 'partial', index: 0, number: 2, media } },
    { sequence: 2, part: result },
    { sequence: 3, part: DONE },
  ]);
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  await replied;
  const told = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as object);
  const file = { media_type: 'image/png', bytes: 3, url: 'https://here/generations/1/a.png?signed' };
  expect(told[0]).toEqual({ type: 'partial', index: 0, number: 2, ...file });
  expect(told[1]).toEqual({ type: 'result', facts: {}, files: [{ role: 'result', ...file, sha256: 'x' }] });
});
