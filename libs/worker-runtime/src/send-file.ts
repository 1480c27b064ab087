import type { Clock } from '@sluice/contracts/clock';
import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { PlacedFile, UpstreamFiles } from '@sluice/upstream-kit/upstream-files';
import { pause } from './pause.js';

export interface SendOptions<Credential> {
  files: UpstreamFiles<Credential>;
  media: StoredMedia;
  store: Pick<MediaStore, 'get'>;
  context: AccountContext<Credential>;
}

/** Tries of one upload in a row of which nothing arrived, beside the first. */
const MOST_FRUITLESS = 4;
const FIRST_PAUSE_MS = 500;
/** The longest time in which the upstream takes nothing more. */
const SILENCE_MS = 60_000;
/** A film is looked at ever less often, and given up at last. */
const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 5_000;
const PREPARE_MS = 20 * 60_000;

/** What may be over when the same is sent again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'upstream_error',
  'upstream_overloaded',
  'upstream_timeout',
  'upstream_unreachable',
  'upstream_interrupted',
  'upstream_bad_answer',
]);

/** Sends a file as it is read, goes on where it broke off, and waits until it can be named. */
export async function sendFile<Credential>(options: SendOptions<Credential>): Promise<PlacedFile> {
  return prepared(await sendAll(options), options);
}

async function sendAll<Credential>(options: SendOptions<Credential>): Promise<PlacedFile> {
  const { files, media, context } = options;
  let upload = await files.begin(media, context);
  let offset = 0;
  for (let fruitless = 0; ;) {
    try {
      const received = fruitless === 0 ? offset : await files.received(upload, context);
      if (typeof received === 'object') return received;
      if (received === undefined) upload = await files.begin(media, context);
      if (received !== undefined && received > offset) fruitless = 0;
      offset = received ?? 0;
      return await sendRest(upload, offset, options);
    } catch (thrown) {
      if (!isPassing(thrown, context.signal) || (fruitless += 1) > MOST_FRUITLESS) throw thrown;
      await pause(context.clock, FIRST_PAUSE_MS * 2 ** (fruitless - 1), context.signal);
      context.signal.throwIfAborted();
    }
  }
}

/** In constant memory: each piece is read when the one before has been taken. */
async function sendRest<Credential>(upload: string, offset: number, options: SendOptions<Credential>) {
  const { files, media, store, context } = options;
  const silence = new AbortController();
  const watch = new SilenceWatch(context.clock, () => silence.abort(tookNothing()));
  const signal = AbortSignal.any([context.signal, silence.signal]);
  const body = watched(read(store, media, offset), watch);
  watch.wake();
  try {
    return await files.send(upload, { offset, bytes: media.bytes - offset, body }, { ...context, signal });
  } finally {
    watch.end();
  }
}

async function* read(store: Pick<MediaStore, 'get'>, { key, bytes }: StoredMedia, start: number) {
  if (start >= bytes) return;
  const found = await store.get(key, { start, end: bytes - 1 });
  if (!found) throw new GatewayError('not_found', 'The file is not kept any more.', { saw: 'nothing' });
  yield* found.body;
}

async function* watched(body: AsyncIterable<Uint8Array>, watch: SilenceWatch): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    watch.wake();
    yield piece;
  }
  // What is still on its way, and the answer, have a bound of their own.
  watch.end();
}

class SilenceWatch {
  private cancel = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  wake(): void {
    this.cancel();
    this.cancel = this.clock.after(SILENCE_MS, this.onSilence);
  }

  end(): void {
    this.cancel();
  }
}

/** Films are taken apart before they can be named. */
async function prepared<Credential>(
  sent: PlacedFile,
  { files, context }: Pick<SendOptions<Credential>, 'files' | 'context'>,
): Promise<PlacedFile> {
  const { clock, signal } = context;
  const untilMs = clock.now() + PREPARE_MS;
  let file = sent;
  for (let waitMs = FIRST_LOOK_MS; file.state === 'preparing'; waitMs = Math.min(waitMs * 1.5, LONGEST_LOOK_MS)) {
    if (clock.now() > untilMs) throw stillPreparing();
    await pause(clock, waitMs, signal);
    signal.throwIfAborted();
    file = await files.look(file.name, context).catch((error: unknown) => {
      if (!isPassing(error, signal)) throw error;
      return file;
    });
  }
  if (file.state === 'failed') throw unusable(file.reason);
  return file;
}

function isPassing(thrown: unknown, signal: AbortSignal): boolean {
  return !signal.aborted && thrown instanceof GatewayError && PASSING.has(thrown.code);
}

function tookNothing(): GatewayError {
  return new GatewayError('upstream_timeout', 'The upstream takes no more of the file.', { saw: 'nothing' });
}

function stillPreparing(): GatewayError {
  return new GatewayError('upstream_timeout', 'The upstream has not prepared the file in time.', { saw: 'nothing' });
}

function unusable(reason: string | undefined): GatewayError {
  const why = reason === undefined ? '' : `: ${reason}`;
  return new GatewayError('invalid_request', `The upstream cannot use this file${why}`, {
    saw: 'nothing',
    reason: 'invalid_file',
  });
}
