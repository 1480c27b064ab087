import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { embeddingVector } from '../openai/embedding-vector.js';
import { countWords } from '../openai/words.js';
import { textOf } from './conversation.js';
import { generateRequestSchema } from './generate-request.js';
import type { ModelCall } from './model-call.js';
import { requireModel } from './model-family.js';
import { readRequest } from './read-request.js';
import { invalidArgument } from './refuse.js';

const DEFAULT_DIMENSIONS = 256;
const MOST_REQUESTS = 100;

const taskTypeSchema = z.enum([
  'TASK_TYPE_UNSPECIFIED',
  'RETRIEVAL_QUERY',
  'RETRIEVAL_DOCUMENT',
  'SEMANTIC_SIMILARITY',
  'CLASSIFICATION',
  'CLUSTERING',
  'QUESTION_ANSWERING',
  'FACT_VERIFICATION',
  'CODE_RETRIEVAL_QUERY',
]);

const embedRequestSchema = z.looseObject({
  model: z.string().optional(),
  content: generateRequestSchema.shape.contents.unwrap().element,
  taskType: taskTypeSchema.optional(),
  outputDimensionality: z.int().min(1).max(3072).optional(),
});
type EmbedRequest = z.infer<typeof embedRequestSchema>;

const batchSchema = z.looseObject({ requests: z.array(embedRequestSchema).min(1) });

/** POST …/models/{model}:embedContent */
export async function embedContent(exchange: Exchange, call: ModelCall): Promise<void> {
  const body = await readRequest(exchange, { type: 'EmbedContentRequest', schema: embedRequestSchema });
  await answer(exchange, {
    ...call,
    method: 'embedContent',
    bodyBytes: body.text.length,
    requests: [body.value],
    render: ([embedding], usageMetadata) => ({ embedding, usageMetadata }),
  });
}

/** POST …/models/{model}:batchEmbedContents */
export async function batchEmbedContents(exchange: Exchange, call: ModelCall): Promise<void> {
  const body = await readRequest(exchange, { type: 'BatchEmbedContentsRequest', schema: batchSchema });
  const { requests } = body.value;
  if (requests.length > MOST_REQUESTS)
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests: at most ${MOST_REQUESTS} requests can be in one batch\n`,
    );
  requests.forEach((request, index) => requireSameModel(request, { model: call.model, index }));
  await answer(exchange, {
    ...call,
    method: 'batchEmbedContents',
    bodyBytes: body.text.length,
    requests,
    render: (embeddings, usageMetadata) => ({ embeddings, usageMetadata }),
  });
}

interface Task extends ModelCall {
  readonly method: string;
  readonly bodyBytes: number;
  readonly requests: readonly EmbedRequest[];
  render(embeddings: readonly unknown[], usageMetadata: unknown): unknown;
}

async function answer(exchange: Exchange, task: Task): Promise<void> {
  const { model, method, bodyBytes, requests, render } = task;
  const texts = requests.map(({ content }) => textOf(content.parts ?? []));
  const { answered, fault } = await admit(exchange, task, { model, prompt: texts.join('\n'), bodyBytes });
  if (answered) return;
  requireModel(model, method);
  requests.forEach(({ taskType }) => refuseTaskType(taskType, model));
  const embeddings = requests.map(({ outputDimensionality = DEFAULT_DIMENSIONS }, index) => ({
    values: Array.from(embeddingVector(texts[index] ?? '', outputDimensionality)),
  }));
  const promptTokenCount = texts.reduce((sum, text) => sum + countWords(text), 0);
  await sendBody(exchange, JSON.stringify(render(embeddings, { promptTokenCount })), fault);
}

function requireSameModel({ model: named }: EmbedRequest, { model, index }: { model: string; index: number }): void {
  const place = `requests[${index}].model`;
  if (named === undefined)
    throw invalidArgument(`* BatchEmbedContentsRequest.${place}: unexpected model name format\n`, place);
  if (named !== `models/${model}`)
    throw invalidArgument(`* BatchEmbedContentsRequest.${place}: must match the model of the batch\n`, place);
}

/** The newer family wants the task in the text. */
function refuseTaskType(taskType: string | undefined, model: string): void {
  if (taskType !== undefined && model.includes('embedding-2'))
    throw invalidArgument(`task_type is not supported for models/${model}.`, 'task_type');
}
