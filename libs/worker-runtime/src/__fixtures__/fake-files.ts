import { systemClock, type Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { NamedFile } from '@sluice/contracts/named-file';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { FileRest, FileToSend, PlacedFile, UpstreamFiles } from '@sluice/upstream-kit/upstream-files';

const PIECE_BYTES = 4;

/** The files of an account, as a test wants them to fare. */
export class FakeFiles implements UpstreamFiles<unknown> {
  readonly begun: FileToSend[] = [];
  /** Offsets from which somebody sent. */
  readonly offsets: number[] = [];
  readonly content: Buffer[] = [];
  /** The connection is lost once so much has come, each once. */
  cuts: number[] = [];
  /** Asked how far it is, it fails so often before. */
  deaf = 0;
  /** Told one after another, the last one ever after. */
  states: PlacedFile['state'][] = ['ready'];
  reason: string | undefined;
  /** Nothing is taken before this. */
  gate: Promise<unknown> = Promise.resolve();
  looks = 0;

  async begin(file: FileToSend): Promise<string> {
    this.begun.push(file);
    this.content.length = 0;
    return `upload-${this.begun.length}`;
  }

  async send(_upload: string, { offset, body }: FileRest, { signal }: { signal: AbortSignal }): Promise<PlacedFile> {
    this.offsets.push(offset);
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    await Promise.race([this.gate, aborted]);
    for await (const piece of body) {
      this.content.push(Buffer.from(piece));
      if (this.bytes >= (this.cuts[0] ?? Number.POSITIVE_INFINITY)) throw this.cut();
    }
    return this.tell();
  }

  async received(): Promise<number | PlacedFile | undefined> {
    if (this.deaf-- > 0) throw lost();
    return this.bytes;
  }

  async look(): Promise<PlacedFile> {
    this.looks += 1;
    return this.tell();
  }

  isGone({ data }: GatewayError): boolean {
    return data.reason === 'file_missing';
  }

  get bytes(): number {
    return this.content.reduce((sum, piece) => sum + piece.length, 0);
  }

  private cut(): GatewayError {
    this.cuts.shift();
    return lost();
  }

  private tell(): PlacedFile {
    const [state = 'ready'] = this.states.length > 1 ? this.states.splice(0, 1) : this.states;
    const name = `files/${this.begun.length}`;
    return { name, uri: `google/${name}`, state, ...(this.reason !== undefined && { reason: this.reason }) };
  }
}

function lost(): GatewayError {
  return new GatewayError('upstream_interrupted', 'The connection was cut.', { saw: 'unknown' });
}

/** A store that holds one file, read in pieces of four bytes. */
export function storeOf(text: string): Pick<MediaStore, 'get'> {
  return {
    get: async (key, { start, end } = { start: 0, end: text.length - 1 }) => {
      if (key !== FILM.id) return undefined;
      const bytes = Buffer.from(text).subarray(start, end + 1);
      const body = (async function* () {
        for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
      })();
      return { info: { key, bytes: text.length, mediaType: 'video/mp4', sha256: '', createdAtMs: 0 }, body };
    },
  };
}

export const FILM_TEXT = 'a film of twenty-four b.';
export const FILM: NamedFile = {
  id: 'files/film.mp4',
  media: { key: 'files/film.mp4', mediaType: 'video/mp4', bytes: FILM_TEXT.length, filename: 'film.mp4' },
  sha256: 'digest',
  param: 'messages[0].content[1].file.file_id',
};

/** An account at work on a generation. */
export function fileContext(more: { clock?: Clock; signal?: AbortSignal } = {}): UpstreamContext<unknown> {
  return {
    credential: {},
    credentialId: 'one',
    kind: 'api-key',
    baseUrl: 'http://upstream.test',
    http: { request: () => Promise.reject(new Error('no network')) },
    clock: systemClock,
    signal: new AbortController().signal,
    model: 'm',
    isStreamed: true,
    generationId: 'gen_1',
    readMedia: async function* () {},
    ...more,
  };
}
