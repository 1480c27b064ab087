import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { camelCased } from '@sluice/wire-gemini-generate/camel-case';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { callContextOf, headerOf } from '../http/call-context.js';
import type { MediaLinks } from '../media/media-links.js';
import type { GoogleFiles } from './google-files.service.js';
import type { UploadParts } from './upload-parts.js';
import type { UploadTicket, UploadTickets } from './upload-tickets.js';

const LONGEST_DESCRIPTION_BYTES = 64 * 1024;
const MEBIBYTE = 1024 * 1024;
/** As the store of clients' files takes them, and Google. */
const MOST_BYTES = 2_048 * MEBIBYTE;

const descriptionSchema = z.object({
  file: z
    .object({
      name: z.string().nullish(),
      displayName: z.string().max(512).nullish(),
      mimeType: z.string().max(128).nullish(),
    })
    .nullish(),
});

/** Google's ways to send a file: whole, or resumably in pieces that any replica takes. */
export class GoogleUploads {
  constructor(
    private readonly options: {
      files: GoogleFiles;
      parts: UploadParts;
      tickets: UploadTickets;
      links: Pick<MediaLinks, 'originOf'>;
    },
  ) {}

  /** `POST /upload/v1beta/files` */
  async begin(request: FastifyRequest, reply: FastifyReply): Promise<object> {
    const protocol = headerOf(request, 'x-goog-upload-protocol') ?? 'resumable';
    const { keyId: ownerKeyId } = callContextOf(request);
    if (protocol === 'raw') {
      const mediaType = headerOf(request, 'content-type');
      return { file: await this.options.files.take({ ownerKeyId, body: bodyOf(request), mediaType }, request) };
    }
    if (protocol !== 'resumable') throw otherProtocol(protocol);
    mustStart(headerOf(request, 'x-goog-upload-command') ?? 'start');
    const { file } = parseBody(descriptionSchema, await readJsonBody(request));
    if (file?.name != null) throw ownName();
    const bytes = Number(headerOf(request, 'x-goog-upload-header-content-length') ?? Number.NaN);
    if (bytes > MOST_BYTES) throw tooLarge();
    const mediaType = file?.mimeType ?? headerOf(request, 'x-goog-upload-header-content-type');
    const ticket = this.options.tickets.issue({
      ownerKeyId,
      ...(mediaType !== undefined && { mediaType }),
      ...(file?.displayName != null && { displayName: file.displayName }),
      ...(Number.isSafeInteger(bytes) && { bytes }),
    });
    const url = `${this.options.links.originOf(request)}/upload/resumable?upload_id=${ticket}`;
    void reply.headers({ 'x-goog-upload-url': url, 'x-goog-upload-status': 'active' });
    return {};
  }

  /** `POST /upload/resumable?upload_id=…`: who has the address may write, as at Google. */
  async goOn(request: FastifyRequest, reply: FastifyReply): Promise<object> {
    const ticket = this.options.tickets.read((request.query as { upload_id?: unknown }).upload_id);
    const commands = (headerOf(request, 'x-goog-upload-command') ?? '').split(',').map((each) => each.trim());
    if (commands.includes('cancel')) {
      await this.options.parts.discard(ticket.id);
      void reply.header('x-goog-upload-status', 'cancelled');
      return {};
    }
    if (!commands.includes('upload') || commands.includes('finalize')) {
      const finished = await this.findFinished(ticket, request, reply);
      if (finished) return finished;
    }
    if (commands.includes('upload')) await this.take(ticket, request);
    if (commands.includes('finalize')) return this.finish(ticket, request, reply);
    const received = await this.options.parts.receivedBytes(ticket.id);
    void reply.headers({ 'x-goog-upload-status': 'active', 'x-goog-upload-size-received': String(received) });
    return {};
  }

  /** A piece that was sent before takes its own place again. */
  private async take({ id }: UploadTicket, request: FastifyRequest): Promise<void> {
    const { parts } = this.options;
    const offset = Number(headerOf(request, 'x-goog-upload-offset') ?? 0);
    const received = await parts.receivedBytes(id);
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > received) throw gap(received);
    await parts.put({ id, offset, body: bodyOf(request), maximumBytes: MOST_BYTES - offset });
  }

  private async finish(ticket: UploadTicket, request: FastifyRequest, reply: FastifyReply): Promise<object> {
    const { files, parts } = this.options;
    const { id, bytes, ownerKeyId, mediaType, displayName } = ticket;
    const received = await parts.receivedBytes(id);
    if (received === 0 || (bytes !== undefined && received !== bytes)) {
      // The same end may have come twice at once, and the other was the first.
      const finished = await this.findFinished(ticket, request, reply);
      if (finished) return finished;
      throw gap(received);
    }
    const arriving = { id: `file-${id}`, ownerKeyId, body: parts.read(id), mediaType, displayName };
    try {
      const file = await files.take(arriving, request);
      await parts.discard(id);
      void reply.header('x-goog-upload-status', 'final');
      return { file };
    } catch (error) {
      // The other one has cleared the pieces away while they were read here.
      const finished = await this.findFinished(ticket, request, reply);
      if (finished) return finished;
      throw error;
    }
  }

  /** An end whose answer was lost comes again, with its last piece: it is the same file's. */
  private async findFinished(
    { id, ownerKeyId }: UploadTicket,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object | undefined> {
    const file = await this.options.files.findOwned(`file-${id}`, ownerKeyId, request);
    if (!file) return undefined;
    bodyOf(request).resume();
    void reply.header('x-goog-upload-status', 'final');
    return { file };
  }
}

function bodyOf({ body }: FastifyRequest): Readable {
  return body instanceof Readable ? body : Readable.from([]);
}

async function readJsonBody(request: FastifyRequest): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(request) as AsyncIterable<Uint8Array>) {
    if ((bytes += chunk.byteLength) > LONGEST_DESCRIPTION_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString().trim();
  try {
    return text === '' ? {} : camelCased(JSON.parse(text));
  } catch {
    throw new GatewayError('invalid_request', 'The description of the file is no JSON.', { param: 'file' });
  }
}

function mustStart(command: string): void {
  if (command === 'start') return;
  const text = `Invalid 'X-Goog-Upload-Command': '${command.slice(0, 32)}': an upload begins with 'start'.`;
  throw new GatewayError('invalid_request', text, { param: 'X-Goog-Upload-Command' });
}

function ownName(): GatewayError {
  return new GatewayError('unsupported', "Unsupported 'file.name': files get names of ours.", { param: 'file.name' });
}

function otherProtocol(protocol: string): GatewayError {
  const text = `Unsupported 'X-Goog-Upload-Protocol': '${protocol.slice(0, 32)}'; 'resumable' and 'raw' are taken.`;
  return new GatewayError('unsupported', text, { param: 'X-Goog-Upload-Protocol' });
}

function tooLarge(): GatewayError {
  return new GatewayError('too_large', `A file may be ${MOST_BYTES} bytes.`, { param: 'file' });
}

function gap(received: number): GatewayError {
  const text = `Invalid 'X-Goog-Upload-Offset': ${received} bytes have come so far; go on there.`;
  return new GatewayError('invalid_request', text, { param: 'X-Goog-Upload-Offset' });
}
