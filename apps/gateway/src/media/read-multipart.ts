import type { MultipartFile } from '@fastify/multipart';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaClass } from '@sluice/domain-assets/media-class';
import type { MediaIntake, TakenMedia } from '@sluice/domain-assets/media-intake';
import type { FastifyRequest } from 'fastify';
import { FORM_LIMITS } from './form-limits.js';
import { stopReading } from './stop-reading.js';
import { toFormError } from './to-form-error.js';

export interface FormField {
  name: string;
  value: string;
}

export interface FormFile extends TakenMedia {
  name: string;
}

/** A form, in the order in which it came. Its files lie in the media store; who does not use them discards them. */
export interface MultipartForm {
  fields: readonly FormField[];
  files: readonly FormFile[];
}

export interface MultipartOptions {
  intake: MediaIntake;
  /** What a file in this field has to be; undefined where the field takes no file. */
  accept(field: string): MediaClass | undefined;
}

/**
 * Reads a form as it comes, files straight into the media store. Whatever is wrong with it ends the reading at once:
 * the client is told which field, the rest of its upload is not waited for, and nothing is kept.
 */
export async function readMultipart(request: FastifyRequest, options: MultipartOptions): Promise<MultipartForm> {
  const form = { fields: [] as FormField[], files: [] as FormFile[] };
  try {
    refuseLargeBody(request);
    await readParts(request, form, options);
    return form;
  } catch (error) {
    stopReading(request);
    await options.intake.discard(form.files.map(({ media }) => media));
    throw toFormError(error);
  }
}

async function readParts(
  request: FastifyRequest,
  form: { fields: FormField[]; files: FormFile[] },
  { intake, accept }: MultipartOptions,
): Promise<void> {
  let fieldBytes = 0;
  for await (const part of request.parts({ limits: partLimits(intake) })) {
    if (part.type === 'file') {
      form.files.push(await takeFile(part, { intake, accept }));
      continue;
    }
    const value = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
    fieldBytes += Buffer.byteLength(value);
    if (part.valueTruncated || fieldBytes > FORM_LIMITS.allFieldBytes) throw tooLong(part.fieldname);
    form.fields.push({ name: part.fieldname, value });
  }
}

async function takeFile(part: MultipartFile, { intake, accept }: MultipartOptions): Promise<FormFile> {
  const { fieldname: field, filename, mimetype, file } = part;
  const mediaClass = accept(field);
  if (!mediaClass) {
    const text = `Invalid '${field}': no file is expected there.`;
    throw new GatewayError('invalid_request', text, { param: field, reason: 'unexpected_file' });
  }
  const source = { field, accept: mediaClass, declaredType: mimetype, body: file as AsyncIterable<Uint8Array> };
  const taken = await intake.take({ ...source, ...(filename && { filename }) });
  return { name: field, ...taken };
}

/** One more byte than the intake takes, so that it is the intake that finds a file too large, and says so. */
function partLimits(intake: MediaIntake) {
  return {
    files: FORM_LIMITS.files,
    fields: FORM_LIMITS.fields,
    parts: FORM_LIMITS.files + FORM_LIMITS.fields,
    fieldNameSize: FORM_LIMITS.nameBytes,
    fieldSize: FORM_LIMITS.fieldBytes,
    fileSize: intake.largestBytes + 1,
    headerPairs: FORM_LIMITS.headers,
    headerSize: FORM_LIMITS.headerBytes,
  };
}

/** What announces its length is refused before its first byte is read. */
function refuseLargeBody(request: FastifyRequest): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced <= FORM_LIMITS.allFileBytes + FORM_LIMITS.allFieldBytes) return;
  throw new GatewayError('too_large', 'The request body is larger than this gateway accepts.');
}

function tooLong(field: string): GatewayError {
  return new GatewayError('too_large', `Invalid '${field}': the form's fields are too long.`, { param: field });
}
