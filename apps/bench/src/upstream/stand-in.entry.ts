import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { announce } from '../process/entry-life.js';
import { benchModels, chunkIntervalMs, chunksPerStream } from './bench-model.js';
import { plainAnswer, roleChunk, streamEnd, textChunk } from './stand-in-answers.js';

const bodySchema = z.object({
  model: z.enum(benchModels),
  stream: z.boolean().optional(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
});

type Body = z.infer<typeof bodySchema>;

const plainAnswers = new Map(Object.values(benchModels).map((model) => [model, plainAnswer(model)]));

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    body += piece;
  });
  request.on('end', () => answer(request, { body, response }));
});
server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;
announce(server);

function answer(request: IncomingMessage, { body, response }: { body: string; response: ServerResponse }): void {
  if (request.url !== '/v1/chat/completions') {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"unknown path"}}');
    return;
  }
  const parsed = bodySchema.safeParse(JSON.parse(body));
  if (!parsed.success) {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"unexpected body"}}');
    return;
  }
  if (parsed.data.stream === true) stream(parsed.data, response);
  else plain(parsed.data, response);
}

function plain({ model }: Body, response: ServerResponse): void {
  const answerBytes = plainAnswers.get(model) ?? plainAnswer(model);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answerBytes.length });
  response.end(answerBytes);
}

function stream(body: Body, response: ServerResponse): void {
  const { model } = body;
  const end = streamEnd(model, body.stream_options?.include_usage === true ? 'usage' : 'no-usage');
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.write(roleChunk(model));
  const intervalMs = chunkIntervalMs[model];
  if (intervalMs === 0) {
    for (let sequence = 0; sequence < chunksPerStream; sequence += 1) response.write(textChunk(model, sequence));
    response.end(end);
    return;
  }
  let sequence = 0;
  const timer = setInterval(() => {
    response.write(textChunk(model, sequence));
    sequence += 1;
    if (sequence < chunksPerStream) return;
    clearInterval(timer);
    response.end(end);
  }, intervalMs);
  response.once('close', () => clearInterval(timer));
}
