import type { Clock } from '@sluice/contracts/clock';
import { isTerminal, type Part, type PartRecord } from '@sluice/contracts/part';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { createStreamEncoder, type StreamEncoder } from '@sluice/wire-openai-responses/encode-stream';
import { SSE_HEADERS } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply } from 'fastify';
import { writeOut } from '../generations/write-out.js';
import { textHeaders } from '../http/text-headers.js';
import { frameOf } from './response-frame.js';
import { estimateForStored } from './token-estimate.js';

const HEARTBEAT_MS = 15_000;

export interface ReplayOptions {
  response: StoredResponse;
  /** All of its parts from the first, as they come or came. */
  parts: AsyncIterable<PartRecord[]>;
  startingAfter: number | undefined;
  reply: FastifyReply;
  clock: Clock;
  /** Says how a response ended, before it is told here. */
  complete(response: StoredResponse, parts: readonly Part[]): Promise<StoredResponse>;
  /** Asked when its parts ended without an end. */
  isGone(response: StoredResponse): Promise<boolean>;
  onError(error: unknown): void;
}

/**
 * The events of a response again, or still: made of the same parts, they are the same wherever they are made. What fails
 * here is not the response: its client loses the connection, and asks for the rest.
 */
export async function replyReplay(options: ReplayOptions): Promise<void> {
  const { reply } = options;
  const raw = reply.raw;
  reply.hijack();
  raw.writeHead(200, { ...textHeaders(reply), ...SSE_HEADERS });
  raw.flushHeaders();
  const replay = new Replay(options);
  const beat = setInterval(() => raw.write(replay.encoder.heartbeat()), HEARTBEAT_MS);
  try {
    await writeOut(raw, replay.encoder.begin());
    for await (const records of options.parts) await writeOut(raw, await replay.tell(records));
    raw.end(await replay.finish());
  } catch (error) {
    options.onError(error);
    raw.destroy();
  } finally {
    clearInterval(beat);
  }
}

class Replay {
  readonly encoder: StreamEncoder;
  private readonly seen: Part[] = [];
  private hasEnded = false;
  private response: StoredResponse;

  constructor(private readonly options: ReplayOptions) {
    const { response, startingAfter, clock } = options;
    this.response = response;
    this.encoder = createStreamEncoder({
      frame: frameOf(response),
      estimate: estimateForStored(response),
      nowSeconds: () => Math.floor(clock.now() / 1000),
      keptOutcome: () => this.response.outcome,
      ...(startingAfter !== undefined && { startingAfter }),
    });
  }

  async tell(records: readonly PartRecord[]): Promise<string> {
    let frames = '';
    for (const { part } of records) {
      this.seen.push(part);
      if (isTerminal(part)) {
        this.hasEnded = true;
        if (!this.response.outcome) this.response = await this.options.complete(this.response, this.seen);
      }
      frames += this.encoder.encode(part);
    }
    return frames;
  }

  /** A log that broke off: of what was deleted nothing will come, the rest is told to whoever asks again. */
  async finish(): Promise<string> {
    if (this.hasEnded || !(await this.options.isGone(this.response))) return '';
    return this.encoder.encode({ type: 'failed', error: { code: 'not_found', message: 'The response was deleted.' } });
  }
}
