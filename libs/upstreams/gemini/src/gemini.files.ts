import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { FileRest, FileToSend, PlacedFile, UpstreamFiles } from '@sluice/upstream-kit/upstream-files';
import { readJson } from '@sluice/upstream-kit/read-json';
import { mediaTypeFor } from '@sluice/wire-gemini-generate/media-type';
import { decodeFile } from './decode-file.js';
import type { GeminiCredential } from './gemini.credential.js';
import { toGeminiFailure } from './gemini.error.js';
import { authorization, get } from './gemini.request.js';
import { uploadAddress, uploadRoot } from './upload-address.js';

type Context = AccountContext<GeminiCredential>;

/** A short call about an upload, and the end of a long one: a film of gigabytes is put together before it is told. */
const HEADERS_TIMEOUT_MS = 120_000;
const LONGEST_NAME = 512;

/** Google's Files API, by its resumable protocol. A file is its project's, and kept for 48 hours. */
export const files: UpstreamFiles<GeminiCredential> = { begin, send, received, look, isGone };

async function begin({ mediaType, filename, bytes }: FileToSend, context: Context): Promise<string> {
  const response = await call(uploadRoot(context.baseUrl), context, {
    headers: {
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(bytes),
      'x-goog-upload-header-content-type': mediaTypeFor(mediaType, filename) ?? mediaType,
    },
    body: JSON.stringify({ file: { displayName: filename?.slice(-LONGEST_NAME) } }),
  });
  const told = response.headers['x-goog-upload-url'];
  response.discard();
  if (told === undefined) throw badAnswer('The upstream told no address for an upload.');
  return uploadAddress(told, context.baseUrl);
}

async function send(upload: string, { offset, bytes, body }: FileRest, context: Context): Promise<PlacedFile> {
  const response = await call(upload, context, {
    headers: {
      // With a length the body goes as it is; without one it would go in chunks, which Google's proxies refuse.
      'content-length': String(bytes),
      'x-goog-upload-command': 'upload, finalize',
      'x-goog-upload-offset': String(offset),
    },
    body,
  });
  return decodeFile(await readJson(response));
}

async function received(upload: string, context: Context): Promise<number | PlacedFile | undefined> {
  const response = await call(upload, context, { headers: { 'x-goog-upload-command': 'query' } });
  const { 'x-goog-upload-status': status, 'x-goog-upload-size-received': size } = response.headers;
  if (status === 'final') return decodeFile(await readJson(response));
  response.discard();
  return status === 'active' ? Number(size ?? 0) : undefined;
}

async function look(name: string, context: Context): Promise<PlacedFile> {
  return decodeFile(await readJson(await get(`/${name}`, context)));
}

/** Another project's file is refused as one that is not there any more. */
function isGone({ code, data }: GatewayError): boolean {
  return code === 'not_found' || data.reason === 'file_missing';
}

async function call(
  url: string,
  context: Context,
  request: Pick<HttpRequest, 'headers' | 'body'>,
): Promise<HttpResponse> {
  const response = await context.http.request({
    ...request,
    method: 'POST',
    url,
    headers: { ...authorization(context), accept: 'application/json', ...request.headers },
    signal: context.signal,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
  });
  if (response.status >= 200 && response.status < 300) return response;
  throw await toGeminiFailure(response, context.clock.now());
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'refused' });
}
