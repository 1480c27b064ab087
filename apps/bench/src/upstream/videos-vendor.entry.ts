import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { announce } from '../process/entry-life.js';
import { StandInVideos } from './stand-in-videos.js';
import { largeVideoBytes, videoModels } from './videos-model.js';

const pieceBytes = 1_000_000;
const wishSchema = z.object({ model: z.string(), prompt: z.string() });
const fillingSchema = z.object({ account: z.string(), name: z.string(), count: z.number() });

const videos = new StandInVideos();
/** The head of an MP4 file, so that it is taken for one. */
const head = Buffer.concat([Buffer.from('0000001866747970', 'hex'), Buffer.from('mp42\0\0\0\0mp42isom')]);
const piece = Buffer.alloc(pieceBytes, 'sluice bench ');

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => answer(request, { body, response }));
});
server.keepAliveTimeout = 120_000;
announce(server);

function answer(request: IncomingMessage, { body, response }: { body: string; response: ServerResponse }): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://vendor');
  const account = (request.headers.authorization ?? '').slice('Bearer '.length);
  const [, , , id, rest] = pathname.split('/').map(decodeURIComponent);
  if (pathname === '/fill') {
    const { account: owner, ...filling } = fillingSchema.parse(JSON.parse(body));
    videos.fill(owner, filling);
    json(response, '{}');
  } else if (pathname === '/told') json(response, JSON.stringify(videos.told(searchParams.get('account') ?? '')));
  else if (request.method === 'POST') json(response, videos.create(account, wishSchema.parse(JSON.parse(body))));
  else if (id === undefined) json(response, videos.page(account, readQuery(searchParams)));
  else if (rest === 'content') sendContent(response, { account, variant: searchParams.get('variant') });
  else json(response, videos.tell(account, id));
}

function readQuery(query: URLSearchParams): { limit: number; after: string | null } {
  return { limit: Number(query.get('limit') ?? 20), after: query.get('after') };
}

function json(response: ServerResponse, text: string | undefined): void {
  const body = text ?? '{"error":{"message":"No such video.","type":"invalid_request_error","code":"not_found"}}';
  const length = Buffer.byteLength(body);
  response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json', 'content-length': length });
  response.end(body);
}

function sendContent(
  response: ServerResponse,
  { account, variant }: { account: string; variant: string | null },
): void {
  if (variant !== null) return json(response, undefined);
  const bytes = account === videoModels.large ? largeVideoBytes : head.length;
  response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes });
  response.write(head);
  let left = bytes - head.length;
  const write = (): void => {
    while (left > 0) {
      const next = piece.subarray(0, Math.min(left, pieceBytes));
      left -= next.length;
      if (!response.write(next)) {
        response.once('drain', write);
        return;
      }
    }
    response.end();
  };
  write();
}
