import { z } from 'zod';
import { admit } from '../faults/admit.js';
import type { Fault } from '../faults/fault.js';
import { renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import { chatRequestSchema, type ChatRequest } from '../openai/chat-request.js';
import { readConversation } from '../openai/conversation.js';
import { planReply } from '../openai/plan-reply.js';
import { readJsonBody } from '../openai/read-json-body.js';
import { withRealTools, writeCalls } from '../openai/spoken-tools.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { isExpired } from './session-token.js';

const degptRequestSchema = z.intersection(
  chatRequestSchema,
  z.looseObject({ project: z.literal('DecentralGPT'), stream: z.boolean(), enable_thinking: z.boolean().optional() }),
);

/** What it says in place of an answer, with status 200. Asked of any model whose name starts with `locked-`. */
const failureText = "Sorry, you don't have sufficient access rights at the moment.";
const pieceCharacters = 5;

/** POST /v1/chat/completion/proxy */
export const handleDegptChat: Handler = async (exchange, context) => {
  const token = (exchange.request.headers.authorization ?? '').replace(/^Bearer /, '');
  const { text, value: asked } = await readJsonBody(exchange, degptRequestSchema);
  const request = withRealTools(asked);
  const conversation = readConversation(request.messages);
  const subject = { model: request.model, prompt: conversation.prompt, bodyBytes: text.length };
  const { answered, fault } = await admit(exchange, context, subject);
  if (answered) return;
  if (isExpired(token, exchange.clock()))
    throw new SimulatedFailure('expired-key', {
      status: 401,
      message: 'Your session has expired or the token is invalid.',
    });
  if (!request.stream) return sendBody(exchange, 'null', fault);
  const [choice] = planReply({ request, conversation, bodyText: text, fault }).choices;
  const isLocked = request.model.startsWith('locked-');
  const content = isLocked ? failureText : writeCalls(choice?.toolCalls ?? []) + (choice?.pieces.join('') ?? '');
  const events = degptChunks({ request, content, reasoning: reasoningOf(request, fault), nowMs: exchange.clock() });
  return sendEvents(exchange, { events, errorEvent: () => renderedError(fault ?? {}, context.vendor) }, fault);
};

function reasoningOf(request: ChatRequest, fault: Fault | undefined): string {
  const thinks = request.model === 'degpt-thinker' && request['enable_thinking'] !== false;
  return thinks || fault?.reasoning !== undefined ? 'Let me think about it.' : '';
}

/** No role, no usage, no end but `[DONE]`; another id in every chunk, a fraction of a second, the model as the object. */
function* degptChunks(source: {
  request: ChatRequest;
  content: string;
  reasoning: string;
  nowMs: number;
}): Generator<string> {
  const { request, nowMs } = source;
  let number = 0;
  const chunk = (delta: object) =>
    JSON.stringify({
      id: `chunk-${number++}`,
      object: request.model,
      created: nowMs / 1000 + 0.125,
      model: 'behind-degpt',
      choices: [{ index: 0, delta }],
    });
  for (const piece of cut(source.reasoning)) yield chunk({ reasoning_content: piece });
  for (const piece of cut(source.content)) yield chunk({ content: piece });
  yield '[DONE]';
}

function cut(text: string): string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / pieceCharacters) }, (_, index) =>
    characters.slice(index * pieceCharacters, (index + 1) * pieceCharacters).join(''),
  );
}
