import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { announce, entryArgument } from '../process/entry-life.js';
import { decodeBarePart, queueName, resultChannel } from './bare-part.js';
import type { BareJob } from './bare-part.js';

const { redisSocket } = z.object({ redisSocket: z.string() }).parse(entryArgument());
const connection = { path: redisSocket };
const queue = new Queue<BareJob>(queueName, {
  connection,
  defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
});
const waiting = new Map<number, ServerResponse>();
let lastId = 0;

const subscriber = new Redis(connection);
subscriber.on('message', (_channel: string, message: string) => deliver(message));
await subscriber.subscribe(resultChannel);
await queue.waitUntilReady();

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    body += piece;
  });
  request.on('end', () => {
    lastId += 1;
    const id = lastId;
    waiting.set(id, response);
    queue.add('chat', { id, body }).catch(() => fail(id, response));
  });
});
server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;
announce(server);

function deliver(message: string): void {
  const { kind, id, data } = decodeBarePart(message);
  const response = waiting.get(id);
  if (response === undefined) return;
  if (kind === 'D') {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(data);
    return;
  }
  waiting.delete(id);
  if (kind === 'E') response.end();
  else if (kind === 'F') fail(id, response);
  else {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(data) });
    response.end(data);
  }
}

function fail(id: number, response: ServerResponse): void {
  waiting.delete(id);
  if (!response.headersSent) response.writeHead(502);
  response.end();
}
