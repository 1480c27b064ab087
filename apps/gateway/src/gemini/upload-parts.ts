import type { MediaStore } from '@sluice/contracts/media-store';

/** Pieces of uploads that are under way, in the media store. Each is named by where it begins, so that they are a chain. */
export class UploadParts {
  constructor(private readonly store: MediaStore) {}

  /** How much has come without a gap. */
  async receivedBytes(id: string): Promise<number> {
    let end = 0;
    for await (const { bytes } of this.chain(id)) end += bytes;
    return end;
  }

  async put(piece: {
    id: string;
    offset: number;
    body: AsyncIterable<Uint8Array>;
    maximumBytes: number;
  }): Promise<number> {
    const { id, offset, body, maximumBytes } = piece;
    const mediaType = 'application/octet-stream';
    const info = await this.store.put({ key: keyOf(id, offset), mediaType, body, maximumBytes });
    return info.bytes;
  }

  async *read(id: string): AsyncGenerator<Uint8Array> {
    for await (const { key } of this.chain(id)) {
      const found = await this.store.get(key);
      if (found) yield* found.body;
    }
  }

  async discard(id: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.chain(id)) keys.push(key);
    await Promise.all(keys.map((key) => this.store.delete(key)));
  }

  private async *chain(id: string): AsyncGenerator<{ key: string; bytes: number }> {
    for (let offset = 0; ;) {
      const info = await this.store.head(keyOf(id, offset));
      // A piece of nothing would lead to itself.
      if (!info || info.bytes === 0) return;
      yield info;
      offset += info.bytes;
    }
  }
}

/** Where what is left of calls is swept after a day. */
function keyOf(id: string, offset: number): string {
  return `inputs/upload-${id}-${offset}`;
}
