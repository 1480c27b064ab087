import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { countWords } from '../openai/words.js';
import { readConversation, textOf, wholeText } from './conversation.js';
import { generateRequestSchema } from './generate-request.js';
import { mediaTokens } from './media-tokens.js';
import type { ModelCall } from './model-call.js';
import { requireModel } from './model-family.js';
import { readRequest } from './read-request.js';

const countRequestSchema = z.looseObject({
  contents: generateRequestSchema.shape.contents,
  generateContentRequest: generateRequestSchema.optional(),
});

/** POST …/models/{model}:countTokens */
export async function countTokens(exchange: Exchange, { model, ...context }: ModelCall): Promise<void> {
  const { text, value } = await readRequest(exchange, { type: 'CountTokensRequest', schema: countRequestSchema });
  const { contents, systemInstruction, tools } = value.generateContentRequest ?? {
    contents: value.contents,
    systemInstruction: undefined,
    tools: [],
  };
  const { prompt } = readConversation(contents);
  const { answered, fault } = await admit(exchange, context, { model, prompt, bodyBytes: text.length });
  if (answered) return;
  requireModel(model, 'countTokens');
  const counted = [
    wholeText(contents),
    textOf(systemInstruction?.parts ?? []),
    ...tools.map((tool) => JSON.stringify(tool)),
  ];
  const textTokens = countWords(counted.join('\n'));
  const media = mediaTokens(contents);
  const totalTokens = media.reduce((sum, { tokenCount }) => sum + tokenCount, textTokens);
  const reply = { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: textTokens }, ...media] };
  await sendBody(exchange, JSON.stringify(reply), fault);
}
