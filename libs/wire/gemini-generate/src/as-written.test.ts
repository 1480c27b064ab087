import { GatewayError } from '@sluice/contracts/gateway-error';
import { describe, expect, it } from 'vitest';
import { decodeCountRequest, decodeRequest } from './decode-request.js';

const model = 'm';

function paramOf(decode: () => unknown): string | undefined {
  try {
    decode();
  } catch (error) {
    if (error instanceof GatewayError) return error.data.param;
    throw error;
  }
  return undefined;
}

describe('a refused field is named as the client wrote it', () => {
  const contents = [{ parts: [{ text: 'hi' }] }];

  it.each([
    ['system_instruction.parts', { contents, system_instruction: { parts: 1 } }],
    ['systemInstruction.parts.text', { contents, systemInstruction: { parts: { text: 1 } } }],
    ['contents.parts', { contents: { parts: {} } }],
    [
      'generation_config.thinking_config.thinking_level',
      { contents, generation_config: { thinking_config: { thinking_level: 'x' } } },
    ],
    [
      'tool_config.function_calling_config.mode',
      {
        contents,
        tools: { function_declarations: { name: 'f' } },
        tool_config: { function_calling_config: { mode: 'x' } },
      },
    ],
  ])('%s', (param, body) => {
    expect(paramOf(() => decodeRequest(body, { model }))).toBe(param);
    const counted = { generate_content_request: body };
    expect(paramOf(() => decodeCountRequest(counted, { model }))).toBe(`generate_content_request.${param}`);
  });
});
