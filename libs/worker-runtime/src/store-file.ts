import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { ResultFile, StoredMedia } from '@sluice/contracts/stored-media';
import { peekHead } from '@sluice/platform-media/peek-head';
import { fileExtension, SNIFF_BYTES, sniffMediaType } from '@sluice/platform-media/sniff-media-type';
import type { DurableJobKind } from './durable-job.js';

/** What may be kept, by its first bytes. */
const KINDS = { video: /^(video|image)\//, image: /^image\//, character: /^image\// } as const satisfies Record<
  DurableJobKind,
  RegExp
>;
const NAMES = { video: 'video', image: 'picture', character: 'picture' } as const satisfies Record<
  DurableJobKind,
  string
>;

export interface KeepOptions {
  media: Pick<MediaStore, 'put'>;
  /** What it must be. */
  kind: DurableJobKind;
  /** Without its ending. */
  key: string;
  largestBytes: number;
}

export type KeptFile = Pick<ResultFile, 'sha256'> & { media: StoredMedia };

/** Copies a fetched file into our store: whole, of a kind that its bytes prove, and measured. */
export async function storeFile({ response, ...options }: KeepOptions & { response: HttpResponse }): Promise<KeptFile> {
  const told = Number(response.headers['content-length'] ?? Number.NaN);
  if (told > options.largestBytes) {
    response.discard();
    throw new GatewayError('too_large', `The file is larger than the ${options.largestBytes} bytes that are kept.`);
  }
  try {
    return await keep({ ...options, told, body: response.body });
  } catch (error) {
    response.discard();
    throw error;
  }
}

/** The same, of bytes that came with an answer. */
export function storeBytes({ bytes, ...options }: KeepOptions & { bytes: Uint8Array }): Promise<KeptFile> {
  return keep({ ...options, told: bytes.byteLength, body: once(bytes) });
}

async function keep({
  media,
  kind,
  key,
  largestBytes,
  told,
  body,
}: KeepOptions & { told: number; body: AsyncIterable<Uint8Array> }): Promise<KeptFile> {
  const peeked = await peekHead(body, SNIFF_BYTES);
  const mediaType = sniffMediaType(peeked.head);
  if (mediaType === undefined || !KINDS[kind].test(mediaType))
    throw new GatewayError('upstream_bad_answer', `What the upstream sent is no ${NAMES[kind]}.`);
  const info = await media.put({
    key: key + fileExtension(mediaType),
    mediaType,
    body: whole(peeked.body, told),
    maximumBytes: largestBytes,
  });
  return { media: { key: info.key, mediaType, bytes: info.bytes }, sha256: info.sha256 };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Fails where the body is not as long as was told, before anything counts as stored. */
async function* whole(body: AsyncIterable<Uint8Array>, told: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    yield chunk;
  }
  if (Number.isNaN(told) || bytes === told) return;
  throw new GatewayError('upstream_bad_answer', `The file broke off: ${bytes} of ${told} bytes came.`);
}
