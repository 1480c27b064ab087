import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from './grok.credential.js';
import { toWebFailure } from './web.error.js';
import { webHeaders } from './web.request.js';

type Context = AccountContext<WebCredential>;

const SITE = 'https://grok.com';
const FILES = 'https://assets.grok.com';
const LARGEST_PICTURE_BYTES = 32 * 1024 * 1024;

/** Where a file of the account lies: paths are below the site's host of files, or below whoever stands in for the site. */
export function assetUrl(path: string, { baseUrl }: Pick<Context, 'baseUrl'>): string {
  if (URL.canParse(path)) return path;
  return `${baseUrl === SITE ? FILES : baseUrl}/${path.replace(/^\/+/, '')}`;
}

/** Fetches a file. Only the hosts of the site see the session, and only the one that owns the file can read it. */
export async function openAsset(url: string, context: Context): Promise<HttpResponse> {
  const isOurs = [new URL(context.baseUrl).origin, FILES].includes(new URL(url).origin);
  const headers = isOurs ? webHeaders(context) : { accept: '*/*' };
  const response = await context.http.request({ method: 'GET', url, headers, signal: context.signal });
  if (response.status >= 200 && response.status < 300) return response;
  throw await toWebFailure(response, context.clock.now());
}

/** A whole picture of the account. */
export async function readPicture(path: string, context: Context): Promise<{ mediaType: string; bytes: Uint8Array }> {
  const response = await openAsset(assetUrl(path, context), context);
  const mediaType = response.headers['content-type']?.split(';')[0]?.trim() ?? '';
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_PICTURE_BYTES)
      throw new GatewayError('too_large', 'The upstream made a picture that is too large.');
    pieces.push(piece);
  }
  if (!mediaType.startsWith('image/') || bytes === 0)
    throw new GatewayError('upstream_bad_answer', 'What the upstream sent is no picture.', { saw: 'unknown' });
  return { mediaType, bytes: Buffer.concat(pieces) };
}
