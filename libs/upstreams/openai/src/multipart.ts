import { randomBytes } from 'node:crypto';
import type { StoredMedia } from '@sluice/contracts/stored-media';

export interface Multipart {
  headers: { 'content-type': string; 'content-length': string };
  body: AsyncIterable<Uint8Array>;
}

/** A form with one file, written as the file is read; its length is known ahead, which some vendors insist on. */
export function createMultipart(form: {
  fields: readonly (readonly [name: string, value: string])[];
  file: { name: string; media: StoredMedia; body: AsyncIterable<Uint8Array> };
}): Multipart {
  const boundary = `form-${randomBytes(16).toString('hex')}`;
  const { name, media, body } = form.file;
  const fields = form.fields.map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const filename = quote(media.filename ?? 'file');
  const opening = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${media.mediaType}\r\n\r\n`;
  const before = Buffer.from(fields.join('') + opening);
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(before.length + media.bytes + after.length),
    },
    body: join(before, body, after),
  };
}

async function* join(before: Uint8Array, body: AsyncIterable<Uint8Array>, after: Uint8Array) {
  yield before;
  yield* body;
  yield after;
}

/** As browsers write it. */
function quote(filename: string): string {
  return filename.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
