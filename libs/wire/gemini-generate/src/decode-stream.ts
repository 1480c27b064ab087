import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { AnswerReader, type DecodeOptions } from './answer-reader.js';

/**
 * The parts of a streamed answer, each as soon as it is there. The end of the body is the end of the answer, so one
 * whose alternatives did not all tell why they ended is `upstream_interrupted`.
 */
export async function* decodeStream(
  events: AsyncIterable<SseEvent>,
  options?: DecodeOptions,
): AsyncGenerator<ChatPart, void, undefined> {
  const reader = new AnswerReader(options);
  let broken: GatewayError | undefined;
  for await (const { data } of events) {
    if (broken !== undefined) throw broken;
    if (data.trim() === '' || data.startsWith('[DONE]')) continue;
    const json = parse(data);
    if (json instanceof GatewayError) broken = json;
    else for (const part of reader.read(json)) yield part;
  }
  if (!reader.isComplete) throw interrupted(reader.hasBegun);
  for (const part of reader.end()) yield part;
}

/** What is no JSON is handed back: where the connection was cut, it is the last event. */
function parse(data: string): Json | GatewayError {
  try {
    return JSON.parse(data) as Json;
  } catch (cause) {
    const message = 'The upstream sent an event that is not JSON.';
    return new GatewayError('upstream_bad_answer', message, { saw: 'unknown', cause });
  }
}

function interrupted(hasBegun: boolean): GatewayError {
  const message = hasBegun
    ? 'The upstream stopped in the middle of its answer.'
    : 'The upstream closed the stream without an answer.';
  return new GatewayError('upstream_interrupted', message, { saw: 'unknown' });
}
