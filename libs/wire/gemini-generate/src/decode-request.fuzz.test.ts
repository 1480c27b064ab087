import type { JsonObject } from '@sluice/contracts/json';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import { readOrRefuse } from '@sluice/wire-errors/__fixtures__/read-or-refuse';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCountRequest, decodeRequest } from './decode-request.js';
import { decodeEmbedRequest } from './decode-embed-request.js';

const contents = [
  { role: 'user', parts: [{ text: 't' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
  { role: 'model', parts: [{ text: 'r', thought: true, thoughtSignature: 'AA==' }, { text: 'a' }] },
  { role: 'model', parts: [{ functionCall: { id: 'c', name: 'f', args: { a: [1] } }, thoughtSignature: 'AA==' }] },
  { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'f', response: { output: { b: 1 } }, parts: [] } }] },
  { role: 'user', parts: [{ fileData: { mimeType: 'application/pdf', fileUri: 'https://x/y.pdf' } }] },
  { role: 'model', parts: [{ executableCode: { language: 'PYTHON', code: '1' } }] },
  { role: 'user', parts: [{ text: 'v', videoMetadata: { fps: 1 }, partMetadata: {} }] },
];
const schema = {
  type: 'OBJECT',
  properties: { a: { type: 'STRING', nullable: true }, b: { anyOf: [{ type: 'ARRAY' }] } },
};
const bodies: JsonObject[] = [
  {
    contents,
    systemInstruction: { parts: [{ text: 's' }] },
    tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parameters: schema }] }, { googleSearch: {} }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    safetySettings: [{ category: 'X' }],
    serviceTier: 'standard',
  },
  {
    contents: { role: 'user', parts: { text: 'hi' } },
    system_instruction: 's',
    tools: { function_declarations: { name: 'f', parameters_json_schema: { type: 'object' } } },
    generation_config: {
      temperature: 1,
      max_output_tokens: 5,
      stop_sequences: ['a'],
      candidate_count: 2,
      response_logprobs: true,
      logprobs: 2,
      response_mime_type: 'application/json',
      response_schema: schema,
      thinking_config: { include_thoughts: true, thinking_budget: -1, thinking_level: 'low' },
      response_modalities: ['TEXT'],
    },
  },
];
const embedBodies: JsonObject[] = [
  { content: { parts: { text: 'a' } }, task_type: 'X', output_dimensionality: 8 },
  { content: { parts: [{ text: 'a' }] }, taskType: 'X', title: 't', outputDimensionality: 8 },
];

const model = 'm';
const decode = (body: unknown) => decodeRequest(body, { model });

it('reads a right body, and the bodies that are spoilt below are right', () => {
  expect(bodies.map((body) => readOrRefuse(body, decode))).toEqual(['read', 'read']);
});

it('refuses any other value, and names a field of it', () => {
  fc.assert(fc.property(anyJson, (body) => void readOrRefuse(body, decode)));
});

it('refuses a body that is wrong anywhere, and names the field in the spelling of the client', () => {
  fc.assert(fc.property(mutatedBody(bodies), (body) => void readOrRefuse(body, decode)));
});

it('counts only what it could answer', () => {
  const counted = [...bodies, ...bodies.map((body) => ({ generateContentRequest: body }))];
  fc.assert(
    fc.property(mutatedBody(counted), (body) => void readOrRefuse(body, (each) => decodeCountRequest(each, { model }))),
  );
});

it('refuses what cannot be embedded, and names the field', () => {
  fc.assert(
    fc.property(mutatedBody(embedBodies), (body) => {
      readOrRefuse(body, (each) => decodeEmbedRequest(each, { model }));
    }),
  );
});

it('refuses a body that is nested too deeply to be walked', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  expect(readOrRefuse({ ...bodies[0], safetySettings: deep }, decode)).toBe('refused');
  expect(() => readOrRefuse(deep, decode)).not.toThrow();
});
