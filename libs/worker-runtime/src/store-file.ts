import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { ResultFile } from '@sluice/contracts/stored-media';
import { peekHead } from '@sluice/platform-media/peek-head';
import { fileExtension, SNIFF_BYTES, sniffMediaType } from '@sluice/platform-media/sniff-media-type';

/** What a role may be by its first bytes. */
const KINDS = { result: /^(video|image)\//, thumbnail: /^image\// } as const;

/** Copies a fetched file into our store: whole, of a kind that its bytes prove, and measured. */
export async function storeFile(options: {
  media: Pick<MediaStore, 'put'>;
  response: HttpResponse;
  role: ResultFile['role'];
  /** Without its ending. */
  key: string;
  largestBytes: number;
}): Promise<ResultFile> {
  const { media, response, role, key, largestBytes } = options;
  const told = Number(response.headers['content-length'] ?? Number.NaN);
  if (told > largestBytes) {
    response.discard();
    throw new GatewayError('too_large', `The file is larger than the ${largestBytes} bytes that are kept.`);
  }
  const { head, body } = await peekHead(response.body, SNIFF_BYTES);
  const mediaType = sniffMediaType(head);
  if (mediaType === undefined || !KINDS[role].test(mediaType)) {
    response.discard();
    throw new GatewayError(
      'upstream_bad_answer',
      `What the upstream sent is no ${role === 'result' ? 'video' : 'picture'}.`,
    );
  }
  const info = await media.put({
    key: key + fileExtension(mediaType),
    mediaType,
    body: whole(body, told),
    maximumBytes: largestBytes,
  });
  return { role, media: { key: info.key, mediaType, bytes: info.bytes }, sha256: info.sha256 };
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
