import type { ServerResponse } from 'node:http';
import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isTerminal, type PartRecord } from '@sluice/contracts/part';
import { SSE_HEADERS } from '@sluice/wire-sse/sse-encode';
import { markBroken } from '../idempotency/broken-answers.js';
import type { DecodedCall, StreamEncoder } from './dialect-endpoint.js';
import type { Told } from './told.js';
import { generationHeaders, ranWith } from './generation-headers.js';
import { writeOut } from './write-out.js';

export interface StreamTiming {
  clock: Clock;
  /** How long the headers wait for a first part: until then a failure is a real status. */
  holdMs: number;
  heartbeatMs: number;
}

/**
 * Answers as server-sent events. Throws `GatewayError` while nothing has been sent; afterwards every failure is told
 * in the stream, which always ends in order.
 */
export async function replyStreamed(options: {
  call: DecodedCall;
  submitted: Told;
  response: ServerResponse;
  headers: Record<string, string>;
  timing: StreamTiming;
}): Promise<void> {
  const stream = new StreamReply(options);
  try {
    for await (const records of options.submitted.tail) await stream.send(records);
    stream.finish();
  } catch (error) {
    if (!stream.fail(error)) throw error;
  } finally {
    stream.stop();
  }
}

type StreamReplyOptions = Parameters<typeof replyStreamed>[0];

class StreamReply {
  private encoder: StreamEncoder | undefined;
  private cancelHold: () => void;
  private cancelBeat: (() => void) | undefined;
  private lastWriteMs = 0;
  private isComplete = false;

  constructor(private readonly options: StreamReplyOptions) {
    const { clock, holdMs } = options.timing;
    this.cancelHold = clock.after(holdMs, () => this.open([]));
  }

  async send(records: PartRecord[]): Promise<void> {
    const [first] = records;
    if (!this.encoder && first) {
      const early = records.find(({ part }) => part.type === 'failed' || part.type === 'cancelled');
      if (early && !records.some(({ part }) => isOutput(part.type))) throw asError(early);
    }
    const encoder = this.encoder ?? this.open(records);
    let frames = '';
    for (const { part } of records) {
      frames += encoder.encode(part);
      if (isTerminal(part)) this.isComplete = true;
      if (part.type === 'failed' || part.type === 'cancelled') markBroken(this.options.response);
    }
    if (frames) await this.write(frames);
  }

  /** The tail ended. A log without a terminal part is a log that broke. */
  finish(): void {
    if (!this.encoder) throw new GatewayError('upstream_interrupted', 'The answer ended before it began.');
    if (!this.isComplete) this.fail(new GatewayError('upstream_interrupted', 'The answer broke off.'));
    this.options.response.end();
  }

  /** False when it is not too late for a status. */
  fail(error: unknown): boolean {
    if (!this.encoder) return false;
    const data =
      error instanceof GatewayError
        ? error.data
        : { code: 'internal' as const, message: 'The stream broke inside the gateway.' };
    if (!this.isComplete) {
      markBroken(this.options.response);
      this.options.response.write(this.encoder.encode({ type: 'failed', error: data }));
    }
    this.isComplete = true;
    this.options.response.end();
    return true;
  }

  stop(): void {
    this.cancelHold();
    this.cancelBeat?.();
  }

  private open(records: PartRecord[]): StreamEncoder {
    this.cancelHold();
    const { call, submitted, response, headers } = this.options;
    const { generation } = submitted;
    const ran = ranWith(records, generation);
    response.writeHead(200, { ...SSE_HEADERS, ...headers, ...generationHeaders(generation, ran) });
    response.flushHeaders();
    this.encoder = call.openStream({
      generationId: generation.id,
      createdAtMs: generation.createdAtMs,
      model: ran.model,
    });
    this.lastWriteMs = this.options.timing.clock.now();
    this.beat();
    return this.encoder;
  }

  private beat(): void {
    const { clock, heartbeatMs } = this.options.timing;
    const dueMs = this.lastWriteMs + heartbeatMs - clock.now();
    if (dueMs <= 0 && this.encoder && !this.options.response.writableNeedDrain) {
      this.options.response.write(this.encoder.heartbeat());
      this.lastWriteMs = clock.now();
    }
    this.cancelBeat = clock.after(dueMs > 0 ? dueMs : heartbeatMs, () => this.beat());
  }

  private async write(frames: string): Promise<void> {
    this.lastWriteMs = this.options.timing.clock.now();
    await writeOut(this.options.response, frames);
  }
}

function isOutput(type: PartRecord['part']['type']): boolean {
  return type !== 'attempt' && type !== 'start' && type !== 'failed' && type !== 'cancelled';
}

function asError({ part }: PartRecord): GatewayError {
  if (part.type === 'failed') return GatewayError.fromData(part.error);
  return new GatewayError('cancelled', part.type === 'cancelled' ? part.reason : 'Cancelled.');
}
