import { toFile } from 'openai';
import { eventually } from '../harness/eventually.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import { DESCRIBED_MEDIA } from './described-media.js';

/** An answer, and the schema that it is of by OpenAI's description; for an event, the union that it is of. */
export interface DescribedAnswer {
  schema: string;
  answer: unknown;
  isEvent?: true;
}

/** Calls that lead from one to the next, or bring files. */
export interface DescribedJourney {
  title: string;
  answers(client: SluiceClient): AsyncIterable<DescribedAnswer>;
}

export const DESCRIBED_JOURNEYS: readonly DescribedJourney[] = [
  { title: 'a response that is kept, and read again', answers: keptResponse },
  { title: 'a response in the background', answers: backgroundResponse },
  { title: 'transcripts', answers: transcripts },
  { title: 'files', answers: files },
  { title: 'a video from its order to its end', answers: video },
  { title: 'a video that fails', answers: failedVideo },
  ...DESCRIBED_MEDIA,
];

async function* keptResponse(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const tool = { type: 'function', name: 'weather', parameters: { type: 'object' }, strict: false };
  const first = { model: 'sim-reasoner', input: 'look outside', tools: [tool] };
  const asked = (await client.call('/v1/responses', { body: first })).json() as KeptResponse;
  const results = asked.output
    .filter(({ type }) => type === 'function_call')
    .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'snow' }));
  const body = { ...first, previous_response_id: asked.id, input: results };
  const answered = (await client.call('/v1/responses', { body })).json() as KeptResponse;
  yield { schema: 'Response', answer: answered };
  const path = `/v1/responses/${answered.id}`;
  yield { schema: 'Response', answer: (await client.call(path)).json() };
  yield { schema: 'ResponseItemList', answer: (await client.call(`${path}/input_items`)).json() };
}

interface KeptResponse {
  id: string;
  output: { type: string; call_id?: string }[];
}

async function* backgroundResponse({ openai }: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: 'sim-chat', input: 'by and by', background: true } as const;
  const queued = await openai.responses.create(body).asResponse();
  const response = (await queued.json()) as { id: string };
  yield { schema: 'Response', answer: response };
  const stream = await openai.responses.retrieve(response.id, { stream: true });
  for await (const answer of stream) yield { schema: 'ResponseStreamEvent', answer, isEvent: true };
  yield { schema: 'Response', answer: await (await openai.responses.retrieve(response.id).asResponse()).json() };
}

async function* transcripts({ openai }: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const model = 'sim-transcribe';
  const sound = async () => ({ model, file: await toFile(wav(), 'hello.wav', { type: 'audio/wav' }) });
  const { transcriptions } = openai.audio;
  yield { schema: 'CreateTranscriptionResponseJson', answer: await transcriptions.create(await sound()) };
  const timed = { response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] } as const;
  const verbose = await transcriptions.create({ ...(await sound()), ...timed } as never);
  yield { schema: 'CreateTranscriptionResponseVerboseJson', answer: verbose };
  for await (const answer of await transcriptions.create({ ...(await sound()), stream: true }))
    yield { schema: 'CreateTranscriptionResponseStreamEvent', answer, isEvent: true };
}

/** Half a second of silence. */
function wav(): Uint8Array {
  const head = Buffer.from('UklGRqQfAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YYAfAAA=', 'base64');
  return Buffer.concat([head, Buffer.alloc(8_064)]);
}

async function* files(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const file = await toFile(Buffer.from('{"custom_id":"a"}\n'), 'calls.jsonl');
  const expiry = { anchor: 'created_at', seconds: 3_600 } as const;
  const created = await client.openai.files.create({ file, purpose: 'batch', expires_after: expiry });
  yield { schema: 'OpenAIFile', answer: created };
  const lasting = await client.openai.files.create({ file, purpose: 'user_data' });
  yield { schema: 'OpenAIFile', answer: lasting };
  yield { schema: 'OpenAIFile', answer: (await client.call(`/v1/files/${created.id}`)).json() };
  yield { schema: 'ListFilesResponse', answer: (await client.call('/v1/files?limit=2')).json() };
  for (const { id } of [created, lasting])
    yield { schema: 'DeleteFileResponse', answer: await client.openai.files.delete(id) };
}

async function* video(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: 'sim-video', prompt: 'a cat [[sim:queueMs=0,videoMs=100]]', seconds: '8' };
  const created = (await client.call('/v1/videos', { body })).json() as { id: string };
  yield { schema: 'VideoResource', answer: created };
  yield { schema: 'VideoResource', answer: await endOf(client, created.id) };
  yield { schema: 'VideoListResource', answer: (await client.call('/v1/videos?limit=2')).json() };
  yield { schema: 'DeletedVideoResource', answer: await client.openai.videos.delete(created.id) };
}

async function* failedVideo(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: 'sim-video', prompt: 'a cat [[sim:video-fails,queueMs=0,videoMs=100]]' };
  const { id } = (await client.call('/v1/videos', { body })).json() as { id: string };
  yield { schema: 'VideoResource', answer: await endOf(client, id) };
}

function endOf(client: SluiceClient, id: string): Promise<unknown> {
  return eventually(
    `video ${id} ends`,
    async () => {
      const answer = (await client.call(`/v1/videos/${id}`)).json() as { status: string };
      return ['completed', 'failed'].includes(answer.status) && answer;
    },
    { withinMs: 25_000, everyMs: 100 },
  );
}
