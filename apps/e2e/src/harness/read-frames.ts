/** One frame of an event stream, byte for byte as it was sent, without the empty line that ends it. */
export interface Frame {
  atMs: number;
  text: string;
  event: string | undefined;
  id: string | undefined;
  data: string | undefined;
  comment: string | undefined;
}

/** Cuts a stream at its empty lines. Text after the last one is a broken frame, which is reported as such. */
export async function* readFrames(body: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const text of frames) yield toFrame(text);
  }
  if (rest !== '') throw new Error(`the stream broke off inside a frame: ${rest.slice(0, 200)}`);
}

function toFrame(text: string): Frame {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (fields.has(name)) throw new Error(`a field twice in one frame: ${text.slice(0, 200)}`);
    fields.set(name, line.slice(colon + 1).replace(/^ /, ''));
  }
  return {
    atMs: performance.now(),
    text,
    event: fields.get('event'),
    id: fields.get('id'),
    data: fields.get('data'),
    comment: fields.get(''),
  };
}
