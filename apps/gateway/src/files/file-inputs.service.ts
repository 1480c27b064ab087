import type { GenerationInput } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { AroundCall, CalledWith } from '../generations/around-call.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { clientFileIn } from './google-name.js';
import { fieldOf } from './field-of.js';
import { type InlineFile, isPicture, namesIn, putFiles } from './named-files.js';
import { putNativeFiles } from './native-files.js';
import type { OpenFile, OwnedFiles } from './owned-files.js';

type ChatInput = Extract<GenerationInput, { kind: 'chat' }>;

const MEBIBYTE = 1024 * 1024;
/** All files of one request together: they go through its body. */
const MOST_BYTES = 32 * MEBIBYTE;

/** Puts the files that a conversation names into it, as the call is admitted: no upstream knows our names. */
export class FileInputs {
  constructor(private readonly files: Pick<OwnedFiles, 'isName' | 'open'>) {}

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
    const { files, bytes } = await this.read(names, called);
    checkPictures(input, files, called.body);
    // In place, since the dialect estimates tokens by the same request.
    input.request.messages = putFiles(input.request.messages, files);
    const native = input.native && putNativeFiles(input.native, files);
    return {
      ...call,
      input: { ...input, ...(native && { native }) },
      addedBytes: (call.addedBytes ?? 0) + bytes * (native ? 2 : 1),
    };
  }

  private async read(names: ReadonlySet<string>, { context, body }: CalledWith) {
    const files = new Map<string, InlineFile>();
    let bytes = 0;
    for (const name of names) {
      const found = await this.files.open(name, context.keyId);
      // A link that does not lead to us any more may lead to somebody else.
      if (!found && name.includes('://') && clientFileIn(name) === undefined) continue;
      if (!found) throw missing(name, body);
      bytes += found.media.bytes;
      if (bytes > MOST_BYTES) throw tooLarge(name, body);
      files.set(name, await readInline(found));
    }
    return { files, bytes: Math.ceil((bytes * 4) / 3) };
  }
}

async function readInline({ media, body }: OpenFile): Promise<InlineFile> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { mediaType: media.mediaType, filename: media.filename, base64: Buffer.concat(chunks).toString('base64') };
}

function checkPictures({ request }: ChatInput, files: ReadonlyMap<string, InlineFile>, body: unknown): void {
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

function tooLarge(name: string, body: unknown): GatewayError {
  return new GatewayError('too_large', `The files of one request may be ${MOST_BYTES} bytes.`, place(name, body));
}

/** What an earlier turn named stands nowhere in the body. */
function place(name: string, body: unknown): { param?: string } {
  const param = fieldOf(body, name);
  return param === undefined ? {} : { param };
}
