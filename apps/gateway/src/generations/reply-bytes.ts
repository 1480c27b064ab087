import type { ServerResponse } from 'node:http';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { PartRecord } from '@sluice/contracts/part';
import type { BytesEncoder } from './dialect-endpoint.js';
import { generationHeaders, ranWith } from './generation-headers.js';
import type { Told } from './told.js';
import { writeOut } from './write-out.js';

/**
 * Answers with bytes, as they come. Throws `GatewayError` while nothing has been sent; afterwards there is no way to
 * tell a failure but to cut the connection, so that nobody takes a part for the whole.
 */
export async function replyBytes(options: {
  bytes: BytesEncoder;
  submitted: Told;
  response: ServerResponse;
  headers: Record<string, string>;
}): Promise<void> {
  const { response, submitted } = options;
  const reply = new BytesReply(options);
  try {
    for await (const records of submitted.tail) await reply.send(records);
    reply.finish();
  } catch (error) {
    if (!response.headersSent) throw error;
    response.destroy();
  }
}

class BytesReply {
  /** What came before the first byte. */
  private readonly early: PartRecord[] = [];
  private isComplete = false;

  constructor(private readonly options: Parameters<typeof replyBytes>[0]) {}

  async send(records: readonly PartRecord[]): Promise<void> {
    const { bytes, response } = this.options;
    for (const record of records) {
      const { part } = record;
      if (part.type === 'failed') throw GatewayError.fromData(part.error);
      if (part.type === 'cancelled') throw new GatewayError('cancelled', part.reason);
      if (part.type === 'succeeded') this.isComplete = true;
      if (!response.headersSent) this.early.push(record);
      const piece = bytes.encode(part);
      if (piece === undefined) continue;
      this.open();
      await writeOut(response, piece);
    }
  }

  /** The tail ended. A log without a terminal part is a log that broke. */
  finish(): void {
    if (!this.isComplete) throw new GatewayError('upstream_interrupted', 'The answer broke off.');
    this.open();
    this.options.response.end();
  }

  private open(): void {
    const { bytes, response, submitted, headers } = this.options;
    if (response.headersSent) return;
    const ran = ranWith(this.early, submitted.generation);
    const contentType = bytes.contentType(this.early.map(({ part }) => part));
    response.writeHead(200, {
      ...headers,
      ...generationHeaders(submitted.generation, ran),
      'content-type': contentType,
    });
  }
}
