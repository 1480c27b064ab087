/** One part of a multipart form. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';

/** Cuts a multipart body; undefined where it is not well formed. */
export function parseMultipart(body: Buffer, contentType: string): FormPart[] | undefined {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(contentType);
  const mark = `--${(boundary?.[1] ?? boundary?.[2] ?? '').trim()}`;
  if (mark === '--') return undefined;
  const parts: FormPart[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const end = body.indexOf(LINE_END + mark, start);
    const part = end < 0 ? undefined : parsePart(body.subarray(start + LINE_END.length, end));
    if (part === undefined) return undefined;
    parts.push(part);
    at = end + LINE_END.length;
  }
  return undefined;
}

function parsePart(bytes: Buffer): FormPart | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('utf8', 0, headEnd);
  const name = /^content-disposition:.*?[;\s]name="([^"]*)"/im.exec(head)?.[1];
  if (name === undefined) return undefined;
  return {
    name,
    filename: /filename="([^"]*)"/i.exec(head)?.[1],
    mediaType: /^content-type:\s*(\S+)/im.exec(head)?.[1],
    bytes: bytes.subarray(headEnd + HEAD_END.length),
  };
}
