import { randomBytes } from 'node:crypto';
import type { StoredMedia } from '@sluice/contracts/stored-media';

export interface Multipart {
  headers: { 'content-type': string; 'content-length': string };
  body: AsyncIterable<Uint8Array>;
}

export interface MultipartFile {
  name: string;
  media: StoredMedia;
  body: AsyncIterable<Uint8Array>;
}

const LINE_END = '\r\n';

/** A form whose files are written as they are read; its length is known ahead, which some vendors insist on. */
export function createMultipart(form: {
  fields: readonly (readonly [name: string, value: string])[];
  files: readonly MultipartFile[];
}): Multipart {
  const boundary = `form-${randomBytes(16).toString('hex')}`;
  const fields = form.fields.map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const before = Buffer.from(fields.join(''));
  const files = form.files.map((file) => ({ ...file, head: Buffer.from(headOf(file, boundary)) }));
  const after = Buffer.from(`--${boundary}--\r\n`);
  const filesBytes = files.reduce((sum, { head, media }) => sum + head.length + media.bytes + LINE_END.length, 0);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(before.length + filesBytes + after.length),
    },
    body: join({ before, files, after }),
  };
}

async function* join({
  before,
  files,
  after,
}: {
  before: Uint8Array;
  files: readonly (MultipartFile & { head: Uint8Array })[];
  after: Uint8Array;
}): AsyncGenerator<Uint8Array> {
  yield before;
  for (const { head, body } of files) {
    yield head;
    yield* body;
    yield Buffer.from(LINE_END);
  }
  yield after;
}

function headOf({ name, media }: MultipartFile, boundary: string): string {
  const filename = quote(media.filename ?? 'file');
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${media.mediaType}\r\n\r\n`;
}

/** As browsers write it. */
function quote(filename: string): string {
  return filename.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
