import type { JsonObject } from '@sluice/contracts/json';
import type { AnswerItem, CallItem, ImageItem, MessageContent, MessageItem, ReasoningItem } from './answer-items.js';
import { showsSummary, type ResponseFrame } from './encode-frame.js';
import { createItemId } from './item-id.js';
import { sealReasoning } from './reasoning-envelope.js';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** Where an item of the answer stands. */
export interface ItemContext {
  frame: ResponseFrame;
  index: number;
  status: ItemStatus;
}

/** An item with all that has been gathered of it. */
export function encodeItem(item: AnswerItem, context: ItemContext): JsonObject {
  switch (item.type) {
    case 'message':
      return encodeMessage(item, context);
    case 'reasoning':
      return encodeReasoning(item, context);
    case 'call':
      return encodeCall(item, context);
    case 'image':
      return encodeImage(item, context);
  }
}

/** As a stream opens it: empty. */
export function encodeItemStart(item: AnswerItem, context: Omit<ItemContext, 'status'>): JsonObject {
  const start = { ...context, status: 'in_progress' as const };
  switch (item.type) {
    case 'message':
      return encodeMessage({ type: 'message', content: [] }, start);
    case 'reasoning':
      return encodeReasoning({ type: 'reasoning', text: '', pending: '' }, start);
    case 'call':
      return encodeCall({ ...item, text: '' }, start);
    case 'image':
      return { ...encodeImage(item, start), result: null };
  }
}

export function itemId(item: AnswerItem, { frame, index }: Pick<ItemContext, 'frame' | 'index'>): string {
  return createItemId({
    responseId: String(frame.response['id']),
    type: typeOf(item),
    place: { side: 'output', index },
  });
}

export function encodeContent(content: MessageContent): JsonObject {
  if (content.type === 'refusal') return { type: 'refusal', refusal: content.text };
  return { type: 'output_text', text: content.text, annotations: content.annotations, logprobs: content.logprobs };
}

export function isCustom({ call }: CallItem): boolean {
  return call.custom === true;
}

function typeOf(item: AnswerItem): string {
  if (item.type === 'call') return callType(item);
  return item.type === 'image' ? 'image_generation_call' : item.type;
}

function callType(item: CallItem): 'function_call' | 'custom_tool_call' {
  return isCustom(item) ? 'custom_tool_call' : 'function_call';
}

function encodeMessage(item: MessageItem, context: ItemContext): JsonObject {
  return {
    id: itemId(item, context),
    type: 'message',
    status: context.status,
    role: 'assistant',
    content: item.content.map(encodeContent),
  };
}

function encodeReasoning(item: ReasoningItem, context: ItemContext): JsonObject {
  const isSummary = showsSummary(context.frame);
  const isTold = item.text !== '';
  const sealed = context.status === 'in_progress' ? undefined : seal(item, context.frame);
  return {
    id: itemId(item, context),
    type: 'reasoning',
    status: context.status,
    summary: isTold && isSummary ? [{ type: 'summary_text', text: item.text }] : [],
    ...(!isSummary && { content: isTold ? [{ type: 'reasoning_text', text: item.text }] : [] }),
    ...(sealed !== undefined && { encrypted_content: sealed }),
  };
}

/** Without a signature there is nothing to keep but the text, which is only sealed for clients that asked for it. */
function seal({ text, signature, redacted }: ReasoningItem, { isSealed }: ResponseFrame): string | undefined {
  if (!isSealed && signature === undefined && redacted === undefined) return undefined;
  return sealReasoning({
    ...(isSealed && text !== '' && { text }),
    ...(signature !== undefined && { signature }),
    ...(redacted !== undefined && { redacted }),
  });
}

/** A signature of the call itself has no place in this dialect: it goes beside, for clients that send all they got. */
function encodeCall(item: CallItem, context: ItemContext): JsonObject {
  const { id, name, signature } = item.call;
  const head = { id: itemId(item, context), type: callType(item), status: context.status, call_id: id, name };
  if (isCustom(item)) return { ...head, input: item.text };
  return { ...head, arguments: item.text, ...beside(signature) };
}

/** A picture between texts is here what a tool of OpenAI's would have made. */
function encodeImage(item: ImageItem, context: ItemContext): JsonObject {
  const { base64, mediaType, signature } = item.image;
  return {
    id: itemId(item, context),
    type: 'image_generation_call',
    status: context.status === 'in_progress' ? 'in_progress' : 'completed',
    result: base64,
    output_format: mediaType.replace('image/', ''),
    ...beside(signature),
  };
}

function beside(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}
