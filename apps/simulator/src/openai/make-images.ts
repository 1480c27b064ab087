import type { Fault } from '../faults/fault.js';
import { withoutMarkers } from '../faults/read-markers.js';
import type { Exchange } from '../http/exchange.js';
import { drawPicture, pictureTypes } from '../pictures/picture.js';
import type { SimulatorState } from '../simulator-state.js';
import type { ReceivedImageRequest } from './read-image-request.js';

const defaultSide = 1024;
const defaultLinkMs = 60 * 60_000;

export interface ImageWork {
  readonly request: ReceivedImageRequest;
  readonly fault: Fault | undefined;
  readonly exchange: Exchange;
  readonly state: SimulatorState;
}

/** How many are made: a fault can make it fewer, and it is not told. */
export function imageCount({ request, fault }: Pick<ImageWork, 'request' | 'fault'>): number {
  return fault?.images ?? request.fields.n;
}

export function sizeOf({ fields }: ReceivedImageRequest): { width: number; height: number } {
  const [width = 0, height = 0] = fields.size.split('x').map(Number);
  return width > 0 && height > 0 ? { width, height } : { width: defaultSide, height: defaultSide };
}

/** The picture with this name, as bytes or broken in the way the fault asks for. */
export function drawImage({ request, fault }: Pick<ImageWork, 'request' | 'fault'>, name: string): Buffer {
  if (fault?.noImage) return Buffer.from('error');
  return drawPicture(request.fields.output_format, `${request.fields.prompt} ${name}`, sizeOf(request));
}

export function base64Of(bytes: Buffer, fault: Fault | undefined): string {
  const text = bytes.toString('base64');
  return fault?.brokenBase64 ? `%%${text.slice(0, text.length / 2)}` : text;
}

/** The `data` of an answer. */
export function listImages(work: ImageWork): Record<string, unknown>[] {
  const { request, fault } = work;
  const { prompt, response_format: format, model } = request.fields;
  const isLink = fault?.imageLinks ?? (format === 'url' || (format === undefined && model.startsWith('dall-e')));
  return Array.from({ length: imageCount(work) }, (_, index) => {
    const bytes = drawImage(work, String(index));
    const revised = fault?.revisePrompt ? { revised_prompt: `${withoutMarkers(prompt)}, revised ${index + 1}` } : {};
    return { ...(isLink ? { url: linkTo(bytes, work) } : { b64_json: base64Of(bytes, fault) }), ...revised };
  });
}

function linkTo(bytes: Buffer, { request, fault, exchange, state }: ImageWork): string {
  const mediaType = pictureTypes[request.fields.output_format];
  const expiresAtMs = state.clock() + (fault?.linkMs ?? defaultLinkMs);
  const id = state.images.link({ bytes, mediaType, expiresAtMs });
  return `http://${exchange.request.headers.host ?? 'localhost'}/storage/images/${id}`;
}

/** What every answer and every event tells of what ran. */
export function describeRun(request: ReceivedImageRequest): Record<string, string> {
  const { width, height } = sizeOf(request);
  const { quality, background, output_format } = request.fields;
  return {
    size: `${width}x${height}`,
    quality: quality === 'auto' ? 'high' : quality,
    background: background === 'auto' ? 'opaque' : background,
    output_format,
  };
}

export function imageUsage({ fields, pictures }: ReceivedImageRequest, count: number): Record<string, unknown> {
  const textTokens = withoutMarkers(fields.prompt).split(/\s+/).length;
  const imageTokens = pictures.length * 100;
  const outputTokens = count * 272;
  return {
    input_tokens: textTokens + imageTokens,
    input_tokens_details: { image_tokens: imageTokens, text_tokens: textTokens },
    output_tokens: outputTokens,
    total_tokens: textTokens + imageTokens + outputTokens,
  };
}
