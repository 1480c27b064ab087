import type { JsonObject } from '@sluice/contracts/json';
import type { Block } from './answer-blocks.js';
import { toWireSignature } from './thinking-signature.js';
import { toInputObject } from './tool-input.js';

/** A block of a whole answer, of which nothing has been taken from `pending`. */
export function encodeBlock(block: Block): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.pending, citations: null };
    case 'thinking':
      return { type: 'thinking', thinking: block.pending, signature: toWireSignature(block.signature) };
    case 'redacted-thinking':
      return { type: 'redacted_thinking', data: block.pending };
    case 'tool':
      return { ...encodeCall(block), input: toInputObject(block.input) };
  }
}

/** As a stream opens it: empty, but for what comes in no delta. */
export function encodeBlockStart(block: Block): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '', citations: null };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'redacted-thinking':
      return { type: 'redacted_thinking', data: block.pending };
    case 'tool':
      return { ...encodeCall(block), input: {} };
  }
}

/** A signature of the call itself has no place in this dialect: it goes beside, for clients that send all they got. */
function encodeCall({ call }: Extract<Block, { type: 'tool' }>): JsonObject {
  const { id, name, signature } = call;
  const extra = signature === undefined ? undefined : { google: { thought_signature: signature } };
  return { type: 'tool_use', id, name, caller: { type: 'direct' }, ...(extra && { extra_content: extra }) };
}
