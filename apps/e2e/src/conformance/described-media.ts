import { toFile } from 'openai';
import type OpenAI from 'openai';
import { eventually } from '../harness/eventually.js';
import { chatBody, type SluiceClient } from '../harness/sluice-client.js';
import { drawPng, IMAGE_MODEL } from '../scenarios/images.js';
import type { DescribedAnswer, DescribedJourney } from './described-journeys.js';

/** Pictures and batches. */
export const DESCRIBED_MEDIA: readonly DescribedJourney[] = [
  { title: 'pictures, as links and as bytes', answers: pictures },
  { title: 'pictures as they come', answers: picturesAsTheyCome },
  { title: 'pictures of a picture as they come', answers: editsAsTheyCome },
  { title: 'a batch from its order to its end', answers: batch },
  { title: 'a batch of a wrong file', answers: wrongBatch },
  { title: 'a batch that is cancelled', answers: cancelledBatch },
];

const LOOK = { size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'png' } as const;

async function* pictures({ openai }: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: IMAGE_MODEL, prompt: 'a cat', n: 2 };
  const calls: OpenAI.ImageGenerateParamsNonStreaming[] = [
    body,
    { ...body, ...LOOK },
    { ...body, response_format: 'b64_json' },
  ];
  for (const call of calls) yield { schema: 'ImagesResponse', answer: await openai.images.generate(call) };
  const edited = await openai.images.edit({ model: IMAGE_MODEL, prompt: 'as a dog', image: await picture() });
  yield { schema: 'ImagesResponse', answer: edited };
}

async function* picturesAsTheyCome({ openai }: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: IMAGE_MODEL, prompt: 'slowly', stream: true, partial_images: 2 } as const;
  for (const call of [body, { ...body, ...LOOK }])
    for await (const answer of await openai.images.generate(call))
      yield { schema: 'ImageGenStreamEvent', answer, isEvent: true };
}

async function* editsAsTheyCome({ openai }: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const body = { model: IMAGE_MODEL, prompt: 'as a dog', stream: true, partial_images: 2 } as const;
  for await (const answer of await openai.images.edit({ ...body, image: await picture() }))
    yield { schema: 'ImageEditStreamEvent', answer, isEvent: true };
}

function picture(): Promise<File> {
  return toFile(drawPng(), 'a.png', { type: 'image/png' });
}

async function* batch(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const created = await order(client.openai, 'by and by');
  yield { schema: 'Batch', answer: created };
  yield { schema: 'Batch', answer: await endOf(client, created.id) };
  yield { schema: 'ListBatchesResponse', answer: (await client.call('/v1/batches?limit=2')).json() };
}

async function* wrongBatch(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const { id } = await client.openai.files.create({
    file: await toFile(Buffer.from('{'), 'a.jsonl'),
    purpose: 'batch',
  });
  const { id: batchId } = await client.openai.batches.create({ input_file_id: id, ...CALL });
  yield { schema: 'Batch', answer: await endOf(client, batchId) };
}

async function* cancelledBatch(client: SluiceClient): AsyncGenerator<DescribedAnswer> {
  const { id } = await order(client.openai, 'never [[sim:delay=5000]]');
  yield { schema: 'Batch', answer: await client.openai.batches.cancel(id) };
  yield { schema: 'Batch', answer: await endOf(client, id) };
}

const CALL = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const;

async function order(openai: OpenAI, prompt: string): Promise<OpenAI.Batch> {
  const line = { custom_id: 'a', method: 'POST', url: CALL.endpoint, body: chatBody(prompt) };
  const file = await toFile(Buffer.from(JSON.stringify(line)), 'lines.jsonl');
  const { id } = await openai.files.create({ file, purpose: 'batch' });
  return openai.batches.create({ input_file_id: id, ...CALL, metadata: { topic: 'cats' } });
}

function endOf(client: SluiceClient, id: string): Promise<unknown> {
  return eventually(
    `batch ${id} ends`,
    async () => {
      const answer = (await client.call(`/v1/batches/${id}`)).json() as { status: string };
      return ['completed', 'failed', 'cancelled'].includes(answer.status) && answer;
    },
    { withinMs: 25_000, everyMs: 100 },
  );
}
