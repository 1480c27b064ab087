import type { ClientFile, FilePurpose } from '@sluice/contracts/client-file';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { checkImage } from '@sluice/domain-assets/check-image';
import { MEDIA_RULES } from '@sluice/domain-assets/media-class';
import type { MediaIntake, TakenMedia } from '@sluice/domain-assets/media-intake';
import type { FileStore } from '@sluice/domain-files/file-store';
import { decodeCreate, decodeList } from '@sluice/wire-openai-files/decode-request';
import type { FastifyRequest } from 'fastify';
import { callContextOf } from '../http/call-context.js';
import { type MultipartForm, type MultipartOptions, readMultipart } from '../media/read-multipart.js';

export interface FilesServiceOptions {
  files: FileStore;
  intake: MediaIntake;
  store: MediaStore;
}

/** As the API does it: what is only there to be run is not kept for ever. */
const DEFAULT_LIFE_MS: Partial<Record<FilePurpose, number>> = { batch: 30 * 24 * 60 * 60_000 };

/** What the files dialect does. Another's file is as unknown as none. */
export class FilesService {
  constructor(private readonly options: FilesServiceOptions) {}

  create(request: FastifyRequest): Promise<ClientFile> {
    return this.take(request, ({ fields }) => {
      const { purpose, expiresAfterMs } = decodeCreate(fields);
      return { purpose, expiresAfterMs: expiresAfterMs ?? DEFAULT_LIFE_MS[purpose] };
    });
  }

  /** Puts a picture where a link leads to, for as long as it does. */
  park(request: FastifyRequest, lifeMs: number): Promise<ClientFile> {
    return this.take(request, () => ({ purpose: 'vision', expiresAfterMs: lifeMs }));
  }

  async find(id: string, request: FastifyRequest): Promise<ClientFile> {
    const file = await this.options.files.find(id, callContextOf(request).keyId);
    if (!file) throw missingFile(id);
    return file;
  }

  async list(query: unknown, request: FastifyRequest): Promise<{ files: ClientFile[]; hasMore: boolean }> {
    const page = decodeList(query);
    const found = await this.options.files.list({ ...page, ownerKeyId: callContextOf(request).keyId });
    if (!found) throw unknownCursor(page.after ?? '');
    return { files: found.slice(0, page.limit), hasMore: found.length > page.limit };
  }

  async remove(id: string, request: FastifyRequest): Promise<void> {
    if (!(await this.options.files.remove(id, callContextOf(request).keyId))) throw missingFile(id);
  }

  /** Of what is refused nothing is kept. */
  private async take(
    request: FastifyRequest,
    decide: (form: MultipartForm) => { purpose: FilePurpose; expiresAfterMs: number | undefined },
  ): Promise<ClientFile> {
    const { files, intake } = this.options;
    const { keyId } = callContextOf(request);
    if (!request.isMultipart()) throw noForm();
    const form = await readMultipart(request, { intake, accept: onlyOne('file') });
    try {
      const wishes = decide(form);
      const { media } = fileOf(form);
      if (wishes.purpose === 'vision') await this.checkPicture({ media });
      return await files.insert({ ...wishes, ownerKeyId: keyId, media, filename: media.filename ?? 'file' });
    } catch (error) {
      // After a failure of the database the row may stand all the same: what has none goes within days.
      if (error instanceof GatewayError) await intake.discard(form.files.map(({ media }) => media));
      throw error;
    }
  }

  private async checkPicture({ media }: Pick<TakenMedia, 'media'>): Promise<void> {
    const { types, maximumBytes } = MEDIA_RULES.image;
    const why = `${types.join(', ')} of at most ${maximumBytes} bytes are accepted for 'vision'`;
    if (!types.includes(media.mediaType) || media.bytes > maximumBytes) throw invalidFile(why, 'invalid_file');
    await checkImage(this.options.store, media, 'file');
  }
}

function missingFile(id: string): GatewayError {
  return new GatewayError('not_found', `No such File object: ${id.slice(0, 64)}`, { param: 'id' });
}

/** A second file ends the reading at once. */
function onlyOne(name: string): MultipartOptions['accept'] {
  let count = 0;
  return (field) => {
    if (field !== name) return undefined;
    if ((count += 1) > 1) throw invalidFile('one file at a time', 'invalid_value');
    return 'any';
  };
}

function fileOf({ files }: MultipartForm): TakenMedia {
  const [file] = files;
  if (!file)
    throw new GatewayError('invalid_request', "Missing required parameter: 'file'.", {
      param: 'file',
      reason: 'missing_required_parameter',
    });
  return file;
}

function invalidFile(why: string, reason: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid file for 'file': ${why}.`, { param: 'file', reason });
}

function noForm(): GatewayError {
  const text = "Send the file as multipart/form-data, in the field 'file'.";
  return new GatewayError('unsupported_media_type', text, { param: 'file' });
}

function unknownCursor(after: string): GatewayError {
  const text = `Invalid value for 'after': '${after.slice(0, 64)}' is no file's id.`;
  return new GatewayError('invalid_request', text, { param: 'after', reason: 'invalid_value' });
}
