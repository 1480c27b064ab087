import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { AnswerReader, type DecodeOptions } from './answer-reader.js';
import { readVendorError } from './decode-error.js';

/**
 * The parts of a streamed answer, each as soon as it is there. An answer counts as whole when it said `[DONE]`, or
 * when all its alternatives told their end; one that just stops is `upstream_interrupted`.
 */
export async function* decodeStream(
  events: AsyncIterable<SseEvent>,
  options?: DecodeOptions,
): AsyncGenerator<ChatPart, void, undefined> {
  const reader = new AnswerReader(options);
  let broken: GatewayError | undefined;
  for await (const event of events) {
    if (broken !== undefined) throw broken;
    if (event.data.startsWith('[DONE]')) {
      for (const part of reader.end()) yield part;
      return;
    }
    const json = parse(event);
    if (json instanceof GatewayError) broken = json;
    else if (json !== undefined) for (const part of reader.read(json)) yield part;
  }
  if (!reader.isComplete) throw interrupted(reader.hasChoices);
  for (const part of reader.end()) yield part;
}

/**
 * Undefined for an event that says nothing. JSON that breaks off is handed back: it is the last event's where the
 * connection was cut, and only one that others follow is a bad answer.
 */
function parse({ event, data }: SseEvent): Json | GatewayError | undefined {
  if (event === 'ping' || data === '' || data === 'ping') return undefined;
  try {
    const json = JSON.parse(data) as Json;
    return event === 'error' && readVendorError(json) === undefined ? { error: data } : json;
  } catch (cause) {
    if (event === 'error') return { error: data };
    const message = 'The upstream sent an event that is not JSON.';
    const error = new GatewayError('upstream_bad_answer', message, { saw: 'unknown', cause });
    if (data.startsWith('{') || data.startsWith('[')) return error;
    throw error;
  }
}

function interrupted(hasBegun: boolean): GatewayError {
  const message = hasBegun
    ? 'The upstream stopped in the middle of its answer.'
    : 'The upstream closed the stream without an answer.';
  return new GatewayError('upstream_interrupted', message, { saw: 'unknown' });
}
