import type { StoredMedia } from '@sluice/contracts/stored-media';

export interface FormFile {
  name: string;
  media: StoredMedia;
}

export interface FormBody {
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

export interface FormOptions {
  fields: Readonly<Record<string, string>>;
  files: readonly FormFile[];
  /** No part may contain it. */
  boundary: string;
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
}

/** A form whose files pass through; its length is known beforehand, since some vendors take no chunked bodies. */
export function encodeForm({ fields, files, boundary, readMedia }: FormOptions): FormBody {
  const texts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${quote(name)}"\r\n\r\n${value}\r\n`),
  );
  const heads = files.map(({ name, media }) => Buffer.from(fileHead({ name, media, boundary })));
  const end = Buffer.from(`--${boundary}--\r\n`);
  const bytes =
    [...texts, ...heads, end].reduce((sum, { length }) => sum + length, 0) +
    files.reduce((sum, { media }) => sum + media.bytes + LINE_END.length, 0);
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.concat(texts);
    for (const [index, { media }] of files.entries()) {
      yield heads[index] ?? LINE_END;
      yield* readMedia(media);
      yield LINE_END;
    }
    yield end;
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(bytes) },
    body: body(),
  };
}

const LINE_END = Buffer.from('\r\n');

function fileHead({ name, media, boundary }: FormFile & { boundary: string }): string {
  const filename = quote(media.filename ?? `${name.replace(/\[\]$/, '')}.${extensionOf(media.mediaType)}`);
  return (
    `--${boundary}\r\ncontent-disposition: form-data; name="${quote(name)}"; filename="${filename}"\r\n` +
    `content-type: ${media.mediaType}\r\n\r\n`
  );
}

/** As browsers do it: a name cannot leave its quotes. */
function quote(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function extensionOf(mediaType: string): string {
  const subtype = mediaType.split('/')[1]?.split(';')[0] ?? 'bin';
  return subtype === 'jpeg' ? 'jpg' : subtype;
}
