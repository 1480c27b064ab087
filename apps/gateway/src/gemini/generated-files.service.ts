import { isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { encodeFile } from '@sluice/wire-gemini-generate/encode-file';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callContextOf } from '../http/call-context.js';
import type { MediaLinks } from '../media/media-links.js';
import { sendMedia } from '../media/send-media.js';

const CONTENT_SECONDS = 3_600;

/** Finished videos under the names that Google's clients fetch them by, for whoever had them made. */
export class GeneratedFiles {
  constructor(
    private readonly options: {
      generations: DurableGenerations;
      store: MediaStore;
      links: Pick<MediaLinks, 'originOf'>;
    },
  ) {}

  /** `GET /v1beta/files/{id}`; undefined for what is no video of the caller's. */
  async find(digits: string, request: FastifyRequest): Promise<object | undefined> {
    const found = await this.fileOf(digits, request);
    if (!found) return undefined;
    const { generation, file } = found;
    const { media, sha256 } = file;
    return encodeFile({
      id: digits,
      mediaType: media.mediaType,
      bytes: media.bytes,
      sha256,
      createdAtMs: generation.finishedAtMs ?? generation.createdAtMs,
      ...(generation.expiresAtMs !== undefined && { expiresAtMs: generation.expiresAtMs }),
      source: 'GENERATED',
      uri: `${this.options.links.originOf(request)}/v1beta/files/${digits}:download?alt=media`,
    });
  }

  /** `GET /v1beta/files/{id}:download` */
  async send(digits: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const found = await this.fileOf(digits, request);
    const answer = { store: this.options.store, name: `veo_${digits}`, maximumAgeSeconds: CONTENT_SECONDS };
    const isSent = found && (await sendMedia({ request, reply, key: found.file.media.key }, answer));
    if (!isSent) throw missingFile(digits);
  }

  private async fileOf(digits: string, request: FastifyRequest) {
    const generation = await this.options.generations.find(`gen_${digits}`, callContextOf(request).keyId);
    const file = generation?.files.find(({ role }) => role === 'result');
    return generation && isVideo(generation) && file ? { generation, file } : undefined;
  }
}

export function missingFile(name: string): GatewayError {
  return new GatewayError('not_found', `File files/${name.slice(0, 64)} was not found.`, { param: 'name' });
}
