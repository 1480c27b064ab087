import type { MediaInfo, MediaStore, StoredObject } from '@sluice/contracts/media-store';
import { fileExtension } from '@sluice/platform-media/sniff-media-type';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { headerOf } from '../http/call-context.js';
import { encodeError } from '../http/send-error.js';
import { textHeaders } from '../http/text-headers.js';
import { byteRange } from './byte-range.js';

export interface MediaAnswer {
  store: MediaStore;
  /** What the client is to call it, without its ending. */
  name: string;
  /** How long whoever asked may keep it. */
  maximumAgeSeconds: number;
}

/** Answers GET and HEAD with a file of ours, whole or in part. False where it is not there any more. */
export async function sendMedia(
  { request, reply, key }: { request: FastifyRequest; reply: FastifyReply; key: string },
  answer: MediaAnswer,
): Promise<boolean> {
  const info = await answer.store.head(key);
  if (!info) return false;
  const etag = `"${info.sha256}"`;
  void reply.headers(headersOf(info, { ...answer, etag }));
  if (isKnown(request, etag)) return finish(reply.status(304));
  const range = isSameFile(request, etag) ? byteRange(headerOf(request, 'range'), info.bytes) : 'whole';
  if (range === 'unsatisfiable') return refuseRange(request, reply, info.bytes);
  const { start, end } = range === 'whole' ? { start: 0, end: info.bytes - 1 } : range;
  if (range !== 'whole') void reply.status(206).header('content-range', `bytes ${start}-${end}/${info.bytes}`);
  void reply.type(info.mediaType).header('content-length', end - start + 1);
  // Nothing at all would be told as a length of 0.
  if (request.method === 'HEAD') return finish(reply, Readable.from([]));
  const found = await answer.store.get(key, range === 'whole' ? undefined : range);
  if (!found) return false;
  if (found.pour) await pour(found.pour, reply);
  else await reply.send(toStream(found.body));
  return true;
}

/** Past Fastify, whose streams would be slower. Once it has begun, a failure can only cut the answer off. */
async function pour(pourTo: NonNullable<StoredObject['pour']>, reply: FastifyReply): Promise<void> {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(reply.statusCode, textHeaders(reply));
  try {
    await pourTo(raw);
    raw.end();
  } catch {
    raw.destroy();
  }
}

function headersOf(info: MediaInfo, { name, maximumAgeSeconds, etag }: MediaAnswer & { etag: string }) {
  return {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': `private, max-age=${maximumAgeSeconds}`,
    'content-disposition': `inline; filename="${name}${fileExtension(info.mediaType)}"`,
    // Files are others' work: nothing in them is to run on our origin.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  };
}

function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = headerOf(request, 'if-none-match');
  if (known === undefined) return false;
  return known === '*' || known.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

/** A part of another version would not fit to what the client has. Dates are not told, so none matches. */
function isSameFile(request: FastifyRequest, etag: string): boolean {
  const version = headerOf(request, 'if-range');
  return version === undefined || version === etag;
}

function refuseRange(request: FastifyRequest, reply: FastifyReply, bytes: number): true {
  const message = `Invalid 'Range': the file has ${bytes} bytes.`;
  const { body } = encodeError(request, { code: 'invalid_request', message, param: 'Range' });
  void reply.removeHeader('etag').header('content-range', `bytes */${bytes}`);
  void reply.status(416).type('application/json; charset=utf-8').send(JSON.stringify(body));
  return true;
}

function finish(reply: FastifyReply, nothing?: Readable): true {
  void reply.send(nothing);
  return true;
}

function toStream(body: AsyncIterable<Uint8Array>): Readable {
  return body instanceof Readable ? body : Readable.from(body, { objectMode: false });
}
