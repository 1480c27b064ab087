import { openCall } from './http-call.js';
import { readFrames } from './read-frames.js';

/** The events of a response as they were sent, heartbeats aside: those are of one connection. */
export async function* responseEvents(
  call: { url: string; apiKey: string; body?: object },
  signal?: AbortSignal,
): AsyncGenerator<ResponseEvent, void, undefined> {
  const { url, apiKey, body: asked } = call;
  const headers = { authorization: `Bearer ${apiKey}` };
  const { status, body } = await openCall({
    url,
    headers,
    ...(asked && { body: asked }),
    ...(signal && { signal }),
  });
  if (status !== 200) throw new Error(`${url}: ${status}`);
  for await (const { text, event, data = '{}' } of readFrames(body))
    if (event !== undefined && event !== 'keepalive')
      yield { text, ...(JSON.parse(data) as Omit<ResponseEvent, 'text'>) };
}

export interface ResponseEvent {
  /** Byte for byte. */
  text: string;
  type: string;
  sequence_number: number;
  output_index?: number;
  item?: ResponseItem;
  response?: { id: string; status: string; output: ResponseItem[] };
}

export interface ResponseItem {
  id: string;
  type: string;
  status: string;
  content?: { text?: string }[];
}
