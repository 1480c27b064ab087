import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { isJsonObject } from '@sluice/contracts/json-object';
import { randomUUID } from 'node:crypto';
import { encodeForm } from './sora.multipart.js';
import { callWebJson, type WebAccount } from './web.request.js';

const LARGEST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const USUAL_TYPE = 'image/webp';

export interface CarriedPicture {
  /** As the site calls it. */
  picture: string;
  /** Where it was first. */
  pictureUrl: string;
}

/** The site proposes a picture and wants it back as an upload of its own. */
export async function carryPicture(url: string | undefined, context: WebAccount): Promise<CarriedPicture> {
  if (url === undefined || !/^https?:\/\//.test(url)) throw bad('The upstream proposed no picture of the character.');
  const { bytes, mediaType } = await fetchPicture(url, context);
  const form = encodeForm({
    fields: { use_case: 'profile' },
    files: [{ name: 'file', media: { key: '', mediaType, bytes: bytes.length, filename: 'profile.webp' } }],
    boundary: `sluice-${randomUUID()}`,
    readMedia: () => once(bytes),
  });
  const answer = await callWebJson({ path: '/project_y/file/upload', form }, context);
  const pointer = isJsonObject(answer) ? answer['asset_pointer'] : undefined;
  if (typeof pointer === 'string' && pointer !== '') return { picture: pointer, pictureUrl: url };
  throw bad('The upstream took the picture of a character without telling what it calls it.');
}

/** Nothing of the account's goes there. */
async function fetchPicture(url: string, { http, signal }: WebAccount): Promise<{ bytes: Buffer; mediaType: string }> {
  const response = await http.request({
    method: 'GET',
    url,
    headers: { accept: 'image/*' },
    signal,
    headersTimeoutMs: TIMEOUT_MS,
    idleTimeoutMs: TIMEOUT_MS,
  });
  if (response.status !== 200) {
    response.discard();
    throw bad(`The picture of the character answered with status ${response.status}.`);
  }
  const told = response.headers['content-type']?.split(';')[0]?.trim() ?? '';
  return { bytes: await readWhole(response), mediaType: told.startsWith('image/') ? told : USUAL_TYPE };
}

async function readWhole(response: HttpResponse): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_BYTES) {
      response.discard();
      throw bad('The picture of the character is too large.');
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function bad(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'refused' });
}
