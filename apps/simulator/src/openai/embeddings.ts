import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Handler } from '../vendor.js';
import { embeddingVector } from './embedding-vector.js';
import { refuseMissingModel } from './models.js';
import { readJsonBody } from './read-json-body.js';
import { countWords } from './words.js';

const defaultDimensions = 256;
const tokens = z.array(z.number().int()).min(1);

const embeddingsRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(2048),
    tokens,
    z.array(tokens).min(1).max(2048),
  ]),
  dimensions: z.number().int().min(1).max(4096).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

type Input = z.infer<typeof embeddingsRequestSchema>['input'];
type Item = string | readonly number[];

/** POST /v1/embeddings */
export const handleEmbeddings: Handler = async (exchange, context) => {
  const { text, value: request } = await readJsonBody(exchange, embeddingsRequestSchema);
  const items = toItems(request.input);
  const prompt = items.filter((item) => typeof item === 'string').join('\n');
  const { answered, fault } = await admit(exchange, context, { model: request.model, prompt, bodyBytes: text.length });
  if (answered) return;
  refuseMissingModel(request.model);

  const encodes = request.encoding_format === 'base64' && !fault?.ignoreEncodingFormat;
  const data = items.map((item, index) => {
    const vector = embeddingVector(item, request.dimensions ?? defaultDimensions);
    return { object: 'embedding', index, embedding: encodes ? toBase64(vector) : Array.from(vector) };
  });
  const promptTokens = items.reduce(
    (sum, item) => sum + (typeof item === 'string' ? countWords(item) : item.length),
    0,
  );
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  await sendBody(exchange, JSON.stringify({ object: 'list', data, model: request.model, usage }), fault);
};

function toItems(input: Input): Item[] {
  if (typeof input === 'string') return [input];
  const items: Item[] = [];
  const singleTokens: number[] = [];
  for (const item of input) {
    if (typeof item === 'number') singleTokens.push(item);
    else items.push(item);
  }
  return singleTokens.length > 0 ? [singleTokens] : items;
}

/** Little-endian float32, as OpenAI packs it. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}
