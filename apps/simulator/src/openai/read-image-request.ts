import { z } from 'zod';
import type { Exchange } from '../http/exchange.js';
import { parseMultipart } from '../http/parse-multipart.js';
import { readBytes } from '../http/read-bytes.js';
import { SimulatedFailure } from '../simulated-failure.js';

const number = z.coerce.number().int();

const imageRequestSchema = z.looseObject({
  prompt: z.string().min(1).max(32_000),
  model: z.string().min(1).default('dall-e-2'),
  n: number.min(1).max(10).default(1),
  size: z
    .string()
    .regex(/^(?:auto|\d{1,4}x\d{1,4})$/)
    .default('auto'),
  quality: z.string().default('auto'),
  background: z.enum(['transparent', 'opaque', 'auto']).default('auto'),
  output_format: z.enum(['png', 'jpeg', 'webp']).default('png'),
  response_format: z.enum(['url', 'b64_json']).optional(),
  stream: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  partial_images: number.min(0).max(3).default(0),
});

/** A picture as it came up, under its field. */
export interface ReceivedPicture {
  readonly field: string;
  readonly bytes: number;
}

export interface ReceivedImageRequest {
  readonly fields: z.infer<typeof imageRequestSchema>;
  readonly pictures: readonly ReceivedPicture[];
  readonly bodyBytes: number;
}

/** Reads a form or JSON. */
export async function readImageRequest(exchange: Exchange): Promise<ReceivedImageRequest> {
  const contentType = exchange.request.headers['content-type'] ?? '';
  const body = await readBytes(exchange.request);
  const isForm = contentType.startsWith('multipart/form-data');
  const { fields, pictures } = isForm ? readForm(body, contentType) : readJson(body);
  const parsed = imageRequestSchema.safeParse(fields);
  if (!parsed.success) throw invalid(parsed.error);
  refuseResponseFormat(parsed.data);
  return { fields: parsed.data, pictures, bodyBytes: body.length };
}

/** As the vendor's newer models do. */
function refuseResponseFormat({ model, response_format: format }: z.infer<typeof imageRequestSchema>): void {
  if (format === undefined || !model.startsWith('gpt-image')) return;
  throw bad("Unknown parameter: 'response_format'.", 'response_format');
}

interface Read {
  fields: Record<string, unknown>;
  pictures: ReceivedPicture[];
}

function readForm(body: Buffer, contentType: string): Read {
  const parts = parseMultipart(body, contentType);
  if (parts === undefined) throw bad('We could not parse your multipart form.');
  const read: Read = { fields: {}, pictures: [] };
  for (const { name, filename, bytes } of parts) {
    if (filename !== undefined) read.pictures.push({ field: name, bytes: bytes.length });
    else read.fields[name] = bytes.toString('utf8');
  }
  return read;
}

const linksSchema = z.looseObject({
  images: z.array(z.looseObject({ image_url: z.string() })).optional(),
  mask: z.looseObject({ image_url: z.string() }).optional(),
});

function readJson(body: Buffer): Read {
  const fields = z.record(z.string(), z.unknown()).safeParse(parse(body));
  if (!fields.success) throw bad('We could not parse the JSON body of your request.');
  const links = linksSchema.safeParse(fields.data);
  if (!links.success) throw invalid(links.error);
  const { images = [], mask } = links.data;
  const named = [
    ...images.map(({ image_url: url }) => ({ field: 'images', url })),
    ...(mask ? [{ field: 'mask', url: mask.image_url }] : []),
  ];
  const pictures = named.map(({ field, url }) => ({
    field,
    bytes: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64').length,
  }));
  return { fields: fields.data, pictures };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function invalid(error: z.ZodError): SimulatedFailure {
  const parameter = error.issues[0]?.path.join('.') ?? '';
  return bad(`Invalid value for '${parameter}': ${error.issues[0]?.message ?? ''}.`, parameter);
}

function bad(message: string, parameter?: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message, parameter });
}
