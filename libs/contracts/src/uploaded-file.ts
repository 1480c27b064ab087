import type { StoredMedia } from './stored-media.js';

/** A form's file in a body that is otherwise JSON. A class, so that no JSON can pass for one: it names a place in our store. */
export class UploadedFile {
  constructor(
    readonly media: StoredMedia,
    readonly sha256: string,
  ) {}
}
