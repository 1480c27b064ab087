import type { GenerationInput, InteractiveGeneration, StoredInput } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';

/** What is larger goes through the media store, not through Redis. */
const LARGEST_INLINE_BYTES = 256 * 1024;
const LARGEST_STORED_BYTES = 512 * 1024 * 1024;

/** Keeps large inputs out of queue jobs. */
export class InputStore {
  constructor(private readonly media: MediaStore) {}

  /** `bodyBytes` is the size of the client's body, which spares measuring the input. */
  async place(generationId: string, input: GenerationInput, bodyBytes: number): Promise<GenerationInput | StoredInput> {
    if (bodyBytes <= LARGEST_INLINE_BYTES) return input;
    const key = `inputs/${generationId}`;
    await this.media.put({
      key,
      mediaType: 'application/json',
      body: oneChunk(Buffer.from(JSON.stringify(input))),
      maximumBytes: LARGEST_STORED_BYTES,
    });
    return { kind: 'stored', key };
  }

  async load({ input }: InteractiveGeneration): Promise<GenerationInput> {
    if (input.kind !== 'stored') return input;
    const found = await this.media.get(input.key);
    if (!found) throw new GatewayError('internal', 'The stored body of this request is gone.');
    const chunks: Uint8Array[] = [];
    for await (const chunk of found.body) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as GenerationInput;
  }

  /** To be called when the generation has ended. */
  async discard({ input }: InteractiveGeneration): Promise<void> {
    if (input.kind === 'stored') await this.media.delete(input.key);
  }
}

async function* oneChunk(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk;
}
