import { z } from 'zod';
import type { Exchange } from '../http/exchange.js';
import { parseMultipart } from '../http/parse-multipart.js';
import { readBytes } from '../http/read-bytes.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { ReceivedReference } from './video-record.js';

const REFERENCE_FIELDS = /^(?:input_reference|image|images|last_frame|reference_images|video)(?:\[\d*\])?$/;
const MAXIMUM_PROMPT_LENGTH = 32_000;

const submissionSchema = z.looseObject({
  prompt: z.string().min(1).max(MAXIMUM_PROMPT_LENGTH),
  model: z.string().min(1).default('sora-2'),
  seconds: z.union([z.string().regex(/^\d+(?:\.\d+)?$/), z.number().positive().transform(String)]).optional(),
  size: z
    .string()
    .regex(/^\d+x\d+$/)
    .optional(),
  aspect_ratio: z
    .string()
    .regex(/^\d+:\d+$/)
    .optional(),
});

export interface Submission {
  readonly fields: z.infer<typeof submissionSchema>;
  readonly references: readonly ReceivedReference[];
  /** The video it starts from, where it names one. */
  readonly sourceId: string | undefined;
  readonly bodyBytes: number;
}

/** Reads a form or JSON. */
export async function readSubmission(exchange: Exchange): Promise<Submission> {
  const contentType = exchange.request.headers['content-type'] ?? '';
  const body = await readBytes(exchange.request);
  const read = contentType.startsWith('multipart/form-data') ? readForm(body, contentType) : readJson(body);
  const parsed = submissionSchema.safeParse(read.fields);
  if (!parsed.success) throw invalid(parsed.error);
  return {
    fields: parsed.data,
    references: read.references,
    sourceId: sourceOf(read.fields['video']),
    bodyBytes: body.length,
  };
}

interface Read {
  fields: Record<string, unknown>;
  references: ReceivedReference[];
}

function readForm(body: Buffer, contentType: string): Read {
  const parts = parseMultipart(body, contentType);
  if (parts === undefined) throw bad('We could not parse your multipart form.');
  const fields: Record<string, unknown> = {};
  const references: ReceivedReference[] = [];
  for (const { name, filename, mediaType, bytes } of parts) {
    if (filename !== undefined) references.push({ field: name, mediaType, bytes: bytes.length, link: undefined });
    else fields[name === 'video[id]' ? 'video' : name] = bytes.toString('utf8');
  }
  return { fields, references };
}

function readJson(body: Buffer): Read {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw bad('We could not parse the JSON body of your request.');
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  if (!fields.success) throw bad('The body must be a JSON object.');
  const named = Object.entries(fields.data).filter(([name]) => REFERENCE_FIELDS.test(name) && name !== 'video');
  return { fields: fields.data, references: named.flatMap(([field, given]) => linked(field, given)) };
}

function linked(field: string, given: unknown): ReceivedReference[] {
  const values = Array.isArray(given) ? given : [given];
  return values.map((value: unknown) => ({
    field,
    mediaType: undefined,
    bytes: 0,
    link: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200),
  }));
}

function sourceOf(video: unknown): string | undefined {
  if (typeof video === 'string') return video;
  const named = z.object({ id: z.string() }).safeParse(video);
  return named.success ? named.data.id : undefined;
}

function invalid(error: z.ZodError): SimulatedFailure {
  const parameter = error.issues[0]?.path.join('.') ?? '';
  return bad(`Invalid value for '${parameter}': ${error.issues[0]?.message ?? ''}.`, parameter);
}

function bad(message: string, parameter?: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status: 400, message, parameter });
}
