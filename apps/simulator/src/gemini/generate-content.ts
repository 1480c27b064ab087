import { admit } from '../faults/admit.js';
import { renderedError } from '../faults/preempt.js';
import { sendBody } from '../faults/send-body.js';
import { sendEvents } from '../faults/send-events.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import { checkConfig } from './check-config.js';
import { checkContents } from './check-contents.js';
import { checkMedia } from './check-media.js';
import { checkSignatures } from './check-signatures.js';
import { checkTools } from './check-tools.js';
import { readConversation } from './conversation.js';
import { checkFiles } from './files.js';
import { generateRequestSchema } from './generate-request.js';
import type { ModelCall } from './model-call.js';
import { requireModel } from './model-family.js';
import { planReply } from './plan-reply.js';
import { readRequest } from './read-request.js';
import { renderResponse, type ResponseSource } from './render-response.js';
import { streamEvents } from './stream-events.js';
import { arrayFraming, sseFraming } from './stream-framing.js';

/** POST …/models/{model}:generateContent */
export async function generateContent(exchange: Exchange, call: ModelCall): Promise<void> {
  const source = await prepare(exchange, { ...call, method: 'generateContent' });
  if (source === undefined) return;
  await sendBody(exchange, JSON.stringify(renderResponse(source), null, 2), source.fault);
}

/** POST …/models/{model}:streamGenerateContent */
export async function streamGenerateContent(exchange: Exchange, call: ModelCall): Promise<void> {
  const isSse = new URL(exchange.request.url ?? '/', 'http://localhost').searchParams.get('alt') === 'sse';
  const prepared = prepare(exchange, { ...call, method: 'streamGenerateContent' });
  const source = await (isSse ? prepared.catch(refuseAsStream) : prepared);
  if (source === undefined) return;
  const { fault } = source;
  const errorEvent = () => renderedError(fault ?? {}, call.vendor);
  const framing = isSse ? sseFraming(fault) : arrayFraming;
  await sendEvents(exchange, { events: streamEvents(source), errorEvent, framing }, fault);
}

/** Google labels an error as the stream it replaces, though it is plain JSON. */
function refuseAsStream(thrown: unknown): never {
  if (!(thrown instanceof SimulatedFailure)) throw thrown;
  const headers = { ...thrown.detail.headers, 'content-type': 'text/event-stream' };
  throw new SimulatedFailure(thrown.kind, { ...thrown.detail, headers });
}

/** Reads, admits and checks; undefined when the exchange is over by that. */
async function prepare(
  exchange: Exchange,
  { model, method, ...context }: ModelCall & { method: string },
): Promise<ResponseSource | undefined> {
  const { text, value: request } = await readRequest(exchange, {
    type: 'GenerateContentRequest',
    schema: generateRequestSchema,
  });
  const conversation = readConversation(request.contents);
  const subject = { model, prompt: conversation.prompt, bodyBytes: text.length };
  const { answered, fault } = await admit(exchange, context, subject);
  if (answered) return undefined;
  const family = requireModel(model, method);
  checkContents(request.contents);
  checkFiles(request.contents, exchange, context.state);
  checkTools(request, family);
  checkMedia(request, family);
  checkConfig(request.generationConfig, family);
  checkSignatures(request.contents, family);
  const source = { request, conversation, family, bodyText: text, fault };
  return { ...source, reply: planReply(source), responseId: `sim${exchange.record.sequence.toString(36)}` };
}
