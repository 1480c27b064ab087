import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { MediaStore } from '@sluice/contracts/media-store';
import { lineId } from '@sluice/domain-batches/batch-finisher';
import type { BatchLine, LineOutcome } from '@sluice/domain-batches/batch-line';
import { encodeOpenaiError } from '@sluice/wire-errors/openai-error';
import { encodeLine, encodeUnanswered } from '@sluice/wire-openai-files/encode-batch';
import { toVideoId } from '@sluice/wire-openai-videos/video-id';
import type { CallPasses } from './call-passes.js';
import { readLineBody } from './read-line-body.js';
import { isWorthAnotherTry, pauseMs } from './line-retries.js';

/** A call of ours to ourselves: it takes the whole ordinary path, but for the network. */
export interface InnerCall {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  payload?: string;
}

export interface InnerAnswer {
  statusCode: number;
  headers: Readonly<Record<string, number | string | string[] | undefined>>;
  payload: string;
}

export interface LineCallsOptions {
  store: Pick<MediaStore, 'get'>;
  passes: CallPasses;
  inject(call: InnerCall): Promise<InnerAnswer>;
}

/** How long a line may wait for a free credential before it makes room for another. */
const DEADLINE_MS = 10 * 60_000;

/** Makes the calls that a batch's lines ask for, in the name of its owner. */
export class LineCalls {
  constructor(private readonly options: LineCallsOptions) {}

  async execute(line: BatchLine): Promise<LineOutcome> {
    const later = line.generationId === undefined ? undefined : resultPath(line, line.generationId);
    if (later !== undefined) return this.readResult(line, later);
    const body = await readLineBody(line, this.options.store);
    const id = lineId(line.batchId, line.number);
    if (!body) {
      const text = encodeUnanswered({ id, customId: line.customId, reason: 'unread' });
      return { type: 'answered', isFailed: true, text };
    }
    if (body['stream'] === true) return answered(line, noStreams(id));
    const answer = await this.call(line, {
      method: 'POST',
      url: line.endpoint,
      headers: headersFor(line, id),
      payload: JSON.stringify(body),
    });
    const generationId = line.generationId === undefined ? awaitedOf(line, body, answer) : undefined;
    if (generationId !== undefined) return { type: 'awaits', generationId };
    return this.judge(line, answer);
  }

  private async readResult(line: BatchLine, url: string): Promise<LineOutcome> {
    const answer = await this.call(line, { method: 'GET', url, headers: {} });
    const status: unknown = answer.statusCode === 200 ? Reflect.get(Object(JSON.parse(answer.payload)), 'status') : '';
    if (status === 'failed' || status === 'cancelled') return { ...answered(line, answer), isFailed: true };
    return this.judge(line, answer);
  }

  private judge(line: BatchLine, answer: InnerAnswer): LineOutcome {
    if (isWorthAnotherTry(answer, line.attempts)) return { type: 'again', afterMs: pauseMs(answer, line.attempts) };
    return answered(line, answer);
  }

  private call(line: BatchLine, { headers, ...call }: InnerCall): Promise<InnerAnswer> {
    const { passes, inject } = this.options;
    return passes.withPass(line.ownerKeyId, (pass) =>
      inject({ ...call, headers: { ...headers, authorization: `Bearer ${pass}` } }),
    );
  }
}

/** Of what is paid once a line that is made again finds what it made before: its id is the key. */
function headersFor({ endpoint, generationId }: BatchLine, id: string): Record<string, string> {
  const isCheap = endpoint === '/v1/chat/completions' || endpoint === '/v1/embeddings';
  const isPicture = endpoint.startsWith('/v1/images/');
  return {
    'content-type': 'application/json',
    'x-sluice-deadline-ms': String(DEADLINE_MS),
    ...(!isCheap && { 'idempotency-key': id }),
    // Asked the second time, the pictures are there.
    ...(isPicture && generationId === undefined && { prefer: 'respond-async' }),
  };
}

/** Where the end of what was made is told; pictures are asked for again. */
function resultPath({ endpoint }: BatchLine, generationId: string): string | undefined {
  if (endpoint === '/v1/videos') return `/v1/videos/${toVideoId(generationId)}`;
  if (endpoint === '/v1/responses') return `/v1/responses/${generationId.replace('gen_', 'resp_')}`;
  return undefined;
}

/** What goes on after such an answer. */
function awaitedOf({ endpoint }: BatchLine, body: JsonObject, answer: InnerAnswer): string | undefined {
  const { statusCode, headers } = answer;
  const isAwaited =
    statusCode === 202 ||
    (statusCode === 200 &&
      (endpoint === '/v1/videos' || (endpoint === '/v1/responses' && body['background'] === true)));
  const id = headers['x-sluice-generation'];
  return isAwaited && typeof id === 'string' ? id : undefined;
}

function answered(line: BatchLine, { statusCode, headers, payload }: InnerAnswer): LineOutcome & { type: 'answered' } {
  const text = encodeLine({
    id: lineId(line.batchId, line.number),
    customId: line.customId,
    status: statusCode,
    requestId: String(headers['x-request-id'] ?? ''),
    bodyJson: payload,
  });
  return { type: 'answered', isFailed: statusCode >= 400, text };
}

function noStreams(requestId: string): InnerAnswer {
  const text = "Unsupported value: 'stream' cannot be true in a batch.";
  const { data } = new GatewayError('unsupported', text, { param: 'stream' });
  const { status, body } = encodeOpenaiError(data, { requestId });
  return { statusCode: status, headers: { 'x-request-id': requestId }, payload: JSON.stringify(body) };
}
