import assert from 'node:assert/strict';
import * as sdk from 'openai';
import { BAD_REQUESTS } from '../../cases/bad-requests.js';
import { chatBody } from '../../harness/sluice-client.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';

interface Expected {
  errorClass: keyof typeof sdk;
  status: number;
  code: string | null;
}

export function clientErrorChecks(client: SluiceClient): Check[] {
  const { openai } = client;
  const one = (title: string, ask: () => Promise<unknown>, expected: Expected): Check => ({
    title,
    prove: () => proveError(ask(), expected),
  });
  return [
    one('an unknown path', () => openai.post('/no/such/path', { body: {} }), {
      errorClass: 'NotFoundError',
      status: 404,
      code: null,
    }),
    { title: 'malformed JSON', prove: () => proveMalformed(client) },
    one('a body of 100 MB', () => openai.chat.completions.create(chatBody('x'.repeat(100_000_000))), {
      errorClass: 'APIError',
      status: 413,
      code: 'request_too_large',
    }),
    one('a bad key', () => client.openaiWith('sk-wrong').models.list(), {
      errorClass: 'AuthenticationError',
      status: 401,
      code: 'invalid_api_key',
    }),
    one('an unknown model', () => openai.chat.completions.create({ ...chatBody('hi'), model: 'no-such-model' }), {
      errorClass: 'NotFoundError',
      status: 404,
      code: 'model_not_found',
    }),
    {
      title: 'wrong types of every field',
      prove: async () => {
        for (const { body, errorClass, status, code } of BAD_REQUESTS)
          await proveError(openai.post('/chat/completions', { body }), { errorClass, status, code });
        return `${BAD_REQUESTS.length} bodies, each with its class, status, code and field`;
      },
    },
  ];
}

async function proveError(asking: Promise<unknown>, { errorClass, status, code }: Expected): Promise<string> {
  const error = await asking.then(
    () => assert.fail('it was answered'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof sdk.APIError, String(error));
  const figures = `${error.constructor.name} ${error.status} ${error.code}: ${error.message}`;
  assert.ok(
    error instanceof (sdk[errorClass] as typeof sdk.APIError) && error.status === status && error.code === code,
    figures,
  );
  assert.ok(error.message.length > String(status).length + 5 && error.requestID, figures);
  return figures;
}

/** The SDK cannot send such a thing. */
async function proveMalformed(client: SluiceClient): Promise<string> {
  const answer = await client.call('/v1/chat/completions', { body: '{"model": "sim-chat", ' });
  assert.equal(answer.status, 400);
  const { error } = answer.json() as { error: { type: string; message: string; param: null; code: string | null } };
  assert.equal(error.type, 'invalid_request_error');
  return `400: ${error.message}`;
}
