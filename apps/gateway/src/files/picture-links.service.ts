import type { GenerationInput } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { AroundCall, CalledWith } from '../generations/around-call.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { fieldOf } from './field-of.js';
import { type InlineFile, namesIn, putFiles } from './named-files.js';

type ChatInput = Extract<GenerationInput, { kind: 'chat' }>;

const MEBIBYTE = 1024 * 1024;
/** All pictures of one request together: they go through its body. */
const MOST_BYTES = 32 * MEBIBYTE;
const MOST_LINKS = 16;

export interface PictureLinksOptions {
  intake: Pick<MediaIntake, 'takeUrl' | 'discard'>;
  store: Pick<MediaStore, 'get'>;
  resolver: Pick<RouteResolver, 'resolve'>;
}

/** Puts the pictures that a conversation links to into it, where an upstream would not fetch them itself. */
export class PictureLinks {
  constructor(private readonly options: PictureLinksOptions) {}

  /** The same call, at once, where it links to none, or everybody who may serve it fetches them. */
  readonly around: AroundCall = (call, called) => {
    const { input } = call;
    if (input.kind !== 'chat' || call.dialect === 'gemini-generate') return call;
    const links = linksIn(input);
    if (links.length === 0 || !this.isNeeded(input.request.model)) return call;
    return this.filled(call, { input, links, called });
  };

  private isNeeded(model: string): boolean {
    const targets = this.options.resolver.resolve(model, 'chat');
    return targets.some(({ upstream }) => findUpstream(upstream)?.fetchesNoPictures);
  }

  /** The client's own body keeps its links: an upstream of its dialect fetches them. */
  private async filled(
    call: DecodedCall,
    { input, links, called }: { input: ChatInput; links: readonly string[]; called: CalledWith },
  ): Promise<DecodedCall> {
    const { files, bytes } = await this.read(links, called);
    // In place, since the dialect estimates tokens by the same request.
    input.request.messages = putFiles(input.request.messages, files);
    return { ...call, addedBytes: (call.addedBytes ?? 0) + bytes };
  }

  private async read(links: readonly string[], { context, body }: CalledWith) {
    const files = new Map<string, InlineFile>();
    const signal = AbortSignal.timeout(context.deadlineMs);
    let bytes = 0;
    if (links.length > MOST_LINKS) throw tooMuch(`More than ${MOST_LINKS} pictures are linked to.`, body, links.at(-1));
    for (const url of links) {
      const field = fieldOf(body, url) ?? 'messages';
      const { media } = await this.options.intake.takeUrl({ url, field, accept: 'image', signal });
      try {
        bytes += media.bytes;
        if (bytes > MOST_BYTES) throw tooMuch(`The pictures of one request may be ${MOST_BYTES} bytes.`, body, url);
        files.set(url, await this.inline(media));
      } finally {
        await this.options.intake.discard([media]);
      }
    }
    return { files, bytes: Math.ceil((bytes * 4) / 3) };
  }

  private async inline({ key, mediaType }: StoredMedia): Promise<InlineFile> {
    const found = await this.options.store.get(key);
    if (!found) throw new GatewayError('unavailable', 'A picture that was fetched is gone again.');
    const chunks: Uint8Array[] = [];
    for await (const chunk of found.body) chunks.push(chunk);
    return { mediaType, base64: Buffer.concat(chunks).toString('base64') };
  }
}

/** Of pictures alone: what is said to be another file may be a page, or a film of hours. */
function linksIn({ request }: ChatInput): string[] {
  return [...namesIn(request, (text, type) => type === 'image' && isLink(text))];
}

function isLink(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function tooMuch(text: string, body: unknown, link = ''): GatewayError {
  const param = fieldOf(body, link);
  return new GatewayError('too_large', text, param === undefined ? {} : { param });
}
