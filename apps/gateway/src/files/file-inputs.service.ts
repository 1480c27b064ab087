import type { GenerationInput } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { NamedFile } from '@sluice/contracts/named-file';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { AroundCall, CalledWith } from '../generations/around-call.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { clientFileIn } from './google-name.js';
import { fieldOf } from './field-of.js';
import { MOST_INLINE_BYTES } from './file-targets.js';
import { type FileInRequest, isPicture, namesIn, putFiles } from './named-files.js';
import { putNativeFiles } from './native-files.js';
import type { OwnedFiles } from './owned-files.js';

type ChatInput = Extract<GenerationInput, { kind: 'chat' }>;
type Found = readonly [name: string, media: StoredMedia];

/**
 * Puts the files that a conversation names into it, as the call is admitted: no upstream knows our names. What would make it
 * too large is told of beside it, for those that can be given files.
 */
export class FileInputs {
  constructor(private readonly files: Pick<OwnedFiles, 'isName' | 'find' | 'read' | 'digest'>) {}

  /** The same call, at once, where it names none. */
  readonly around: AroundCall = (call, called) => {
    const { input } = call;
    if (input.kind !== 'chat') return call;
    const names = namesIn(input.request, (text) => this.files.isName(text));
    return names.size === 0 ? call : this.filled(call, { input, names, called });
  };

  private async filled(
    call: DecodedCall,
    { input, names, called }: { input: ChatInput; names: ReadonlySet<string>; called: CalledWith },
  ): Promise<DecodedCall> {
    const { files, bytes, references } = await this.read(await this.find(names, called), called);
    checkPictures(input, files, called.body);
    // In place, since the dialect estimates tokens by the same request.
    input.request.messages = putFiles(input.request.messages, files);
    const native = input.native && putNativeFiles(input.native, files);
    return {
      ...call,
      input: { ...input, ...(native && { native }), ...(references.length > 0 && { files: references }) },
      addedBytes: (call.addedBytes ?? 0) + bytes * (native ? 2 : 1),
    };
  }

  /** The smallest first: of these the most fit in. */
  private async find(names: ReadonlySet<string>, { context, body }: CalledWith): Promise<Found[]> {
    const found: Found[] = [];
    for (const name of names) {
      const media = await this.files.find(name, context.keyId);
      // A link that does not lead to us any more may lead to somebody else.
      if (!media && name.includes('://') && clientFileIn(name) === undefined) continue;
      if (!media) throw missing(name, body);
      found.push([name, media]);
    }
    return found.sort(([, one], [, other]) => one.bytes - other.bytes);
  }

  private async read(found: readonly Found[], { body }: CalledWith) {
    const files = new Map<string, FileInRequest>();
    const references: NamedFile[] = [];
    let bytes = 0;
    for (const [name, media] of found) {
      const { key: id, mediaType, filename } = media;
      if (bytes + media.bytes <= MOST_INLINE_BYTES) {
        const content = await this.files.read(media);
        if (!content) throw missing(name, body);
        bytes += media.bytes;
        files.set(name, { mediaType, filename, base64: await readBase64(content) });
        continue;
      }
      const sha256 = await this.files.digest(media);
      if (sha256 === undefined) throw missing(name, body);
      files.set(name, { mediaType, filename, id });
      references.push({ id, media, sha256, ...place(name, body) });
    }
    return { files, references, bytes: Math.ceil((bytes * 4) / 3) };
  }
}

async function readBase64(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('base64');
}

function checkPictures({ request }: ChatInput, files: ReadonlyMap<string, FileInRequest>, body: unknown): void {
  for (const { content } of request.messages) {
    for (const part of content) {
      if (part.type !== 'image' || part.source.type === 'data') continue;
      const name = part.source.type === 'file' ? part.source.fileId : part.source.url;
      const file = files.get(name);
      if (!file || isPicture(file)) continue;
      const text = `The file '${name.slice(0, 64)}' is no picture but ${file.mediaType}.`;
      throw new GatewayError('invalid_request', text, { ...place(name, body), reason: 'invalid_file' });
    }
  }
}

function missing(name: string, body: unknown): GatewayError {
  return new GatewayError('not_found', `No file with the id '${name.slice(0, 64)}'.`, place(name, body));
}

/** What an earlier turn named stands nowhere in the body. */
function place(name: string, body: unknown): { param?: string } {
  const param = fieldOf(body, name);
  return param === undefined ? {} : { param };
}
