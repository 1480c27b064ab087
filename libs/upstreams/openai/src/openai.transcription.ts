import type { HttpResponse } from '@sluice/contracts/http-port';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { TranscriptionPart, TranscriptionRequest } from '@sluice/contracts/transcription';
import { parseJson, readJson } from '@sluice/upstream-kit/read-json';
import { StreamBody } from '@sluice/upstream-kit/stream-body';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { decodeTranscript, decodeTranscriptEvent } from '@sluice/wire-openai-audio/decode-transcript';
import { encodeTranscription } from '@sluice/wire-openai-audio/encode-transcription';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';
import { decodeSse } from '@sluice/wire-sse/sse-decoder';
import type { Json } from '@sluice/contracts/json';
import { createMultipart } from './multipart.js';
import { asKeyHolder, type OpenaiCredential } from './openai.credential.js';
import { send } from './openai.request.js';

const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;
const PATHS = { transcribe: '/audio/transcriptions', translate: '/audio/translations' } as const;

/** What was said in a file of our media store, which goes up as it is read. */
export async function* transcribe(
  request: TranscriptionRequest,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<TranscriptionPart, void, undefined> {
  const { model, isStreamed } = context;
  const file: StoredMedia = { ...request.audio, filename: request.audio.filename ?? 'audio' };
  const form = createMultipart({
    fields: encodeTranscription(request, { model, isStreamed }),
    files: [{ name: 'file', media: file, body: context.readMedia(file) }],
  });
  const accept = isStreamed ? 'text/event-stream, application/json' : 'application/json';
  const response = await send(
    { path: PATHS[request.task], headers: { ...form.headers, accept }, body: form.body },
    asKeyHolder(context, 'transcription'),
  );
  yield { type: 'start' };
  if (isEventStream(response)) yield* readEvents(response, context);
  else yield* decodeTranscript(assertNoError(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES })));
}

async function* readEvents(
  response: HttpResponse,
  context: UpstreamContext<OpenaiCredential>,
): AsyncGenerator<TranscriptionPart, void, undefined> {
  let isComplete = false;
  for await (const { data } of decodeSse(new StreamBody(response, context))) {
    if (data === '' || data.startsWith('[DONE]')) continue;
    for (const part of decodeTranscriptEvent(assertNoError(parseJson(data)))) {
      if (part.type === 'transcript') isComplete = true;
      yield part;
    }
  }
  if (isComplete) return;
  throw new GatewayError('upstream_interrupted', 'The upstream broke off its transcript.', { saw: 'unknown' });
}

function assertNoError(json: Json): Json {
  const failure = readVendorError(json);
  if (failure !== undefined) throw toFailure(failure);
  return json;
}

function isEventStream({ headers }: HttpResponse): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
