import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Handler } from '../vendor.js';
import { refuseMissingModel } from './models.js';
import { readJsonBody } from './read-json-body.js';

const partSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const moderationRequestSchema = z.looseObject({
  model: z.string().nullish(),
  input: z.union([z.string(), z.array(z.string()).min(1), z.array(partSchema).min(1)]),
});

const CATEGORIES = [
  'hate',
  'hate/threatening',
  'harassment',
  'harassment/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
];

/** POST /v1/moderations: flags what has the word "violence" in it. */
export const handleModerations: Handler = async (exchange, context) => {
  const { text, value: request } = await readJsonBody(exchange, moderationRequestSchema);
  const model = request.model ?? 'omni-moderation-latest';
  const inputs = toInputs(request.input);
  const { answered, fault } = await admit(exchange, context, {
    model,
    prompt: inputs.join('\n'),
    bodyBytes: text.length,
  });
  if (answered) return;
  refuseMissingModel(model);
  const results = inputs.map(judge);
  await sendBody(exchange, JSON.stringify({ id: `modr-sim${exchange.record.sequence}`, model, results }), fault);
};

function judge(input: string): object {
  const isViolent = input.includes('violence');
  const ofEach = (found: unknown, other: unknown) =>
    Object.fromEntries(CATEGORIES.map((name) => [name, name === 'violence' && isViolent ? found : other]));
  return {
    flagged: isViolent,
    categories: ofEach(true, false),
    category_scores: ofEach(0.9, 0.01),
    category_applied_input_types: ofEach(['text'], ['text']),
  };
}

/** Parts are judged together, texts one by one. */
function toInputs(input: z.infer<typeof moderationRequestSchema>['input']): string[] {
  if (typeof input === 'string') return [input];
  const texts = input.filter((each) => typeof each === 'string');
  return texts.length > 0
    ? texts
    : [input.map((part) => (typeof part === 'string' ? '' : (part.text ?? ''))).join('\n')];
}
