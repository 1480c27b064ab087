import { expect, test } from 'vitest';
import { targetsOfKind } from '../generations/native-targets.js';
import { heldToKind, kindOfAddress } from './address-kind.js';
import { generateEndpoint } from './generate.endpoint.js';

const CONTEXT = { keyId: 'k', requestId: 'r', traceparent: '', deadlineMs: 1, bodyBytes: 1 };
const TARGETS = ['openai', 'gemini'].map((upstream) => ({ upstream, model: 'm' }));

test('the address of Vertex keys is held to them', async () => {
  const kind = kindOfAddress('/vertex-express/v1beta/models/m:generateContent');
  const endpoint = heldToKind(generateEndpoint({ model: 'm', form: 'whole' }), kind);
  const call = await endpoint({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }, CONTEXT);
  expect(targetsOfKind(call, TARGETS)).toEqual([{ upstream: 'gemini', model: 'm', kind: 'vertex-express' }]);
  expect(() => targetsOfKind(call, TARGETS.slice(0, 1))).toThrow("kind 'vertex-express'");
});

test('all others take what there is', () => {
  for (const url of ['/gemini/v1beta/models/m', '/v1beta/models/vertex-express/m:generateContent'])
    expect(kindOfAddress(url)).toBeUndefined();
  expect(targetsOfKind({}, TARGETS)).toBe(TARGETS);
});
