import type { ClientFile } from '@sluice/contracts/client-file';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { parseBody } from '@sluice/contracts/parse-body';
import type { FileStore } from '@sluice/domain-files/file-store';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import { encodeFile } from '@sluice/wire-gemini-generate/encode-file';
import { fileDigits } from '@sluice/wire-gemini-generate/file-names';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callContextOf } from '../http/call-context.js';
import type { MediaLinks } from '../media/media-links.js';
import { missingFile } from './generated-files.service.js';

/** As Google keeps them. */
const LIFE_MS = 48 * 60 * 60_000;

const pageSchema = z.object({
  pageSize: z.coerce.number().int().min(0).max(100).default(10),
  pageToken: z.string().optional(),
});

export interface ArrivingFile {
  ownerKeyId: string;
  body: AsyncIterable<Uint8Array>;
  mediaType?: string | undefined;
  displayName?: string | undefined;
  /** What it is to be; the same one that comes again is the first. */
  id?: string;
}

/** The files that clients keep with us, as Google's Files API tells them. Another's is as unknown as none. */
export class GoogleFiles {
  constructor(
    private readonly options: {
      files: FileStore;
      intake: MediaIntake;
      store: MediaStore;
      links: Pick<MediaLinks, 'originOf'>;
    },
  ) {}

  /** Of what is refused nothing is kept. */
  async take({ ownerKeyId, body, mediaType, displayName, id }: ArrivingFile, request: FastifyRequest): Promise<object> {
    const { files, intake } = this.options;
    const filename = displayName ?? 'file';
    const declared = { ...(mediaType !== undefined && { declaredType: mediaType }), filename };
    const { media, sha256 } = await intake.take({ field: 'file', accept: 'any', body, ...declared });
    try {
      const kept = { ownerKeyId, purpose: 'user_data', media, filename, expiresAfterMs: LIFE_MS } as const;
      const file = await files.insert({ ...kept, ...(id !== undefined && { id }) });
      if (file.media.key === media.key) return this.tell(file, request, sha256);
      await intake.discard([media]);
      return this.tell(file, request);
    } catch (error) {
      // After a failure of the database the row may stand all the same.
      if (error instanceof GatewayError) await intake.discard([media]);
      throw error;
    }
  }

  find(digits: string, request: FastifyRequest): Promise<object | undefined> {
    return this.findOwned(`file-${digits}`, callContextOf(request).keyId, request);
  }

  /** As `find`, for a caller who shows another proof than his key. */
  async findOwned(id: string, ownerKeyId: string, request: FastifyRequest): Promise<object | undefined> {
    const file = await this.options.files.find(id, ownerKeyId);
    if (!file) return undefined;
    return this.tell(file, request, (await this.options.store.head(file.media.key))?.sha256);
  }

  /** The newest first. Made videos are not among them: their operations tell of them. */
  async list(request: FastifyRequest): Promise<object> {
    const { pageSize, pageToken } = parseBody(pageSchema, request.query);
    const limit = pageSize || pageSchema.parse({}).pageSize;
    const { keyId: ownerKeyId } = callContextOf(request);
    const after = pageToken === undefined ? undefined : `file-${pageToken}`;
    const found = await this.options.files.list({ ownerKeyId, limit, order: 'newest', after });
    if (!found) throw missingFile(pageToken ?? '');
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      files: page.map((file) => this.tell(file, request)),
      ...(found.length > limit && last && { nextPageToken: fileDigits(last.id) }),
    };
  }

  async remove(digits: string, request: FastifyRequest): Promise<object> {
    if (await this.options.files.remove(`file-${digits}`, callContextOf(request).keyId)) return {};
    throw missingFile(digits);
  }

  private tell(file: ClientFile, request: FastifyRequest, sha256?: string): object {
    const id = fileDigits(file.id);
    const { mediaType, bytes } = file.media;
    return encodeFile({
      id,
      displayName: file.filename,
      mediaType,
      bytes,
      ...(sha256 !== undefined && { sha256 }),
      createdAtMs: file.createdAtMs,
      ...(file.expiresAtMs !== undefined && { expiresAtMs: file.expiresAtMs }),
      source: 'UPLOADED',
      uri: `${this.options.links.originOf(request)}/v1beta/files/${id}`,
    });
  }
}
