import { clientFileTimeMs } from '@sluice/contracts/client-file-id';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { FileStore } from '@sluice/domain-files/file-store';
import { clientFileIn } from './google-name.js';
import type { MediaLinks } from '../media/media-links.js';
import { readMediaLink } from './read-media-link.js';

/** A file of ours that a request names, to be read once. */
export interface OpenFile {
  media: StoredMedia;
  body: AsyncIterable<Uint8Array>;
}

/** Files that requests name: by the id of one that the caller keeps here, or by a signed link of ours. */
export class OwnedFiles {
  constructor(
    private readonly options: {
      files: Pick<FileStore, 'find'>;
      store: Pick<MediaStore, 'get' | 'head'>;
      links: Pick<MediaLinks, 'isValid'>;
    },
  ) {}

  /** Whether a text can name a file of ours; vendors' ids and other links cannot. */
  isName(text: string): boolean {
    return (
      clientFileTimeMs(text) !== undefined || clientFileIn(text) !== undefined || readMediaLink(text) !== undefined
    );
  }

  /** Undefined for another's file as for none, and for a link that is not valid. */
  async open(name: string, ownerKeyId: string): Promise<OpenFile | undefined> {
    const media = await this.find(name, ownerKeyId);
    const body = media && (await this.read(media));
    return media && body && { media, body };
  }

  /** What it holds, once; undefined where that is not kept any more. */
  async read({ key }: StoredMedia): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.options.store.get(key))?.body;
  }

  /** What tells its content from every other; undefined where that is not kept any more. */
  async digest({ key }: StoredMedia): Promise<string | undefined> {
    return (await this.options.store.head(key))?.sha256;
  }

  /** As `open`, of a file that need not be read. */
  async find(name: string, ownerKeyId: string): Promise<StoredMedia | undefined> {
    const { files, links, store } = this.options;
    const signed = readMediaLink(name);
    if (!signed) return (await files.find(clientFileIn(name) ?? name, ownerKeyId))?.media;
    if (!links.isValid(signed)) return undefined;
    const info = await store.head(signed.path);
    return info && { key: info.key, mediaType: info.mediaType, bytes: info.bytes };
  }
}
