import { GatewayError } from '@sluice/contracts/gateway-error';
import { randomHex } from '@sluice/contracts/generation-id';
import type { Clock } from '@sluice/contracts/clock';
import type { MediaInfo, MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { asRefusal, type FetchPublic } from '@sluice/platform-http/fetch-public';
import { peekHead } from '@sluice/platform-media/peek-head';
import { SNIFF_BYTES, fileExtension } from '@sluice/platform-media/sniff-media-type';
import { checkImage } from './check-image.js';
import { MEDIA_RULES, type MediaClass } from './media-class.js';
import { proveMediaType } from './prove-media-type.js';
import { readDataUrl } from './read-data-url.js';
import { withParam } from './with-param.js';

/** A file of a client's, now ours, with what tells it from every other. */
export interface TakenMedia {
  media: StoredMedia;
  sha256: string;
}

export interface MediaSource {
  /** The field that names it, for the client who sent it. */
  field: string;
  accept: MediaClass;
  body: AsyncIterable<Uint8Array>;
  declaredType?: string;
  filename?: string;
}

export interface MediaIntakeOptions {
  store: MediaStore;
  fetchPublic: FetchPublic;
  clock: Clock;
  maximumBytes: number;
}

/** What a URL may cost in time, from the first byte out to the last byte in. */
const FETCH_MS = 60_000;
const LONGEST_FILENAME = 200;

/**
 * The one way in for clients' files. What is kept is of an accepted type by its bytes, within its bounds, and whole;
 * of what is refused nothing remains.
 */
export class MediaIntake {
  constructor(private readonly options: MediaIntakeOptions) {}

  async take({ field, accept, body, declaredType = '', filename }: MediaSource): Promise<TakenMedia> {
    const peeked = await peekHead(body, SNIFF_BYTES);
    const mediaType = proveMediaType({ field, accept, declaredType, filename, head: peeked.head });
    const { folder, ...rule } = MEDIA_RULES[accept];
    const maximumBytes = Math.min(rule.maximumBytes, this.largestBytes);
    const key = `${folder}/${this.options.clock.now().toString(16).padStart(12, '0')}${randomHex(20)}${fileExtension(mediaType)}`;
    const info = await this.options.store
      .put({ key, mediaType, body: peeked.body, maximumBytes })
      .catch((error: unknown) => Promise.reject(withParam(error, field)));
    const taken = { media: toStoredMedia(info, filename), sha256: info.sha256 };
    if (accept === 'image') await this.checked(taken, field);
    return taken;
  }

  /** Fetches `http:` and `https:`, decodes `data:`. */
  async takeUrl(call: { url: string; field: string; accept: MediaClass; signal: AbortSignal }): Promise<TakenMedia> {
    const { url, field, accept } = call;
    if (/^data:/i.test(url.slice(0, 5))) return this.take({ field, accept, ...readDataUrl(url, field) });
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(FETCH_MS)]);
    try {
      const response = await this.options.fetchPublic({ url, accept: MEDIA_RULES[accept].types.join(', '), signal });
      // Servers often name types wrongly; the bytes decide.
      return await this.take({ field, accept, body: response.body });
    } catch (error) {
      throw withParam(asRefusal(signal.aborted && !call.signal.aborted ? tooSlow() : error), field);
    }
  }

  /** Forgets files whose request came to nothing. */
  async discard(media: Iterable<StoredMedia>): Promise<void> {
    await Promise.all([...media].map(({ key }) => this.options.store.delete(key)));
  }

  /** What no file of any kind may exceed. */
  get largestBytes(): number {
    return this.options.maximumBytes;
  }

  private async checked({ media }: TakenMedia, field: string): Promise<void> {
    try {
      await checkImage(this.options.store, media, field);
    } catch (error) {
      await this.options.store.delete(media.key);
      throw error;
    }
  }
}

function toStoredMedia({ key, mediaType, bytes }: MediaInfo, filename: string | undefined): StoredMedia {
  return { key, mediaType, bytes, ...(filename && { filename: filename.slice(-LONGEST_FILENAME) }) };
}

function tooSlow(): GatewayError {
  const text = `The URL cannot be fetched: it takes longer than ${FETCH_MS / 1000} s.`;
  return new GatewayError('invalid_request', text, { reason: 'invalid_url' });
}
