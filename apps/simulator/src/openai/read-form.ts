import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';

export interface ReceivedForm {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array } | undefined;
  readonly bodyBytes: number;
}

/** Reads a whole multipart form with one file. */
export async function readForm({ request }: Exchange): Promise<ReceivedForm> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const contentType = request.headers['content-type'] ?? '';
  const form = await new Response(body, { headers: { 'content-type': contentType } })
    .formData()
    .catch((): never => fail('We could not parse the multipart form of your request.'));
  const texts = new Map<string, string[]>();
  let file: ReceivedForm['file'];
  for (const [name, value] of form) {
    if (typeof value === 'string') texts.set(name, [...(texts.get(name) ?? []), value]);
    else file = { name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return { texts, file, bodyBytes: body.length };
}

function fail(message: string): never {
  throw new SimulatedFailure('invalid-request', { status: 400, message });
}
