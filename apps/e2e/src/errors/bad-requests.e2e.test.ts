import * as sdk from 'openai';
import { describe, expect, it } from 'vitest';
import { BAD_REQUESTS } from '../cases/bad-requests.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { chatBody } from '../harness/sluice-client.js';

const sluice = sharedSluice();
const { openai } = sluice;
const CHAT = '/v1/chat/completions';

describe('told by the SDK', () => {
  it.each(BAD_REQUESTS)('$title', async ({ body, status, errorClass, code, param, message }) => {
    const asking = openai.post('/chat/completions', { body });
    await expect(asking).rejects.toBeInstanceOf(sdk[errorClass]);
    await expect(asking).rejects.toMatchObject({
      status,
      code,
      param,
      type: 'invalid_request_error',
      message: expect.stringMatching(/./) as string,
    });
    await expect(asking.catch((error: sdk.APIError) => (error.error as { message: string }).message)).resolves.toMatch(
      message,
    );
    await expect(asking).rejects.toHaveProperty('requestID', expect.stringMatching(/^req_/));
  });

  it('an unknown path', async () => {
    const asking = openai.post('/no/such/path', { body: {} });
    await expect(asking).rejects.toBeInstanceOf(sdk.NotFoundError);
    await expect(asking).rejects.toMatchObject({
      status: 404,
      type: 'invalid_request_error',
      message: expect.stringContaining('POST /v1/no/such/path') as string,
    });
  });

  it('a bad key', async () => {
    const asking = sluice.openaiWith('sk-wrong').chat.completions.create(chatBody('hi'));
    await expect(asking).rejects.toBeInstanceOf(sdk.AuthenticationError);
    await expect(asking).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    await expect(asking).rejects.not.toThrow(/sk-wrong/);
  });

  it('a body of 100 MB', async () => {
    const asking = openai.chat.completions.create(chatBody('x'.repeat(100_000_000)));
    await expect(asking).rejects.toBeInstanceOf(sdk.APIError);
    await expect(asking).rejects.toMatchObject({ status: 413, code: 'request_too_large' });
  });
});

describe('on the wire', () => {
  const notJson = {
    'malformed JSON': { body: '{"model": "sim-chat", ', contentType: 'application/json', status: 400 },
    'an empty body': { body: '', contentType: 'application/json', status: 400 },
    'a list': { body: '[1, 2]', contentType: 'application/json', status: 400 },
    'a bare text': { body: '"hello"', contentType: 'application/json', status: 400 },
    null: { body: 'null', contentType: 'application/json', status: 400 },
    XML: { body: '<a/>', contentType: 'application/xml', status: 415 },
    'a nest of 100,000 brackets': { body: '['.repeat(100_000), contentType: 'application/json', status: 400 },
    'a prototype in the body': {
      body: '{"__proto__": {"model": "x"}, "messages": []}',
      contentType: 'application/json',
      status: 400,
    },
  };
  it.each(Object.entries(notJson))('%s', async (_, { body, contentType, status }) => {
    const answer = await sluice.call(CHAT, { body, headers: { 'content-type': contentType } });
    expect({ status: answer.status, body: answer.json() }).toMatchObject({
      status,
      body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/\S/) as string, param: null } },
    });
    expect(answer.text).not.toMatch(/\bat .*\.js|node_modules/);
  });

  const strangers = {
    'no key': {},
    'an empty key': { authorization: 'Bearer ' },
    'empty headers all over': { authorization: '', 'x-api-key': '', 'x-goog-api-key': '' },
    'another scheme': { authorization: 'Basic c2x1aWNlOnNsdWljZQ==' },
  };
  it.each(Object.entries(strangers))('%s', async (_, headers) => {
    const answer = await sluice.bareCall(CHAT, { body: chatBody('hi'), headers });
    expect({ status: answer.status, body: answer.json() }).toMatchObject({
      status: 401,
      body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/API key/) as string } },
    });
  });

  it('a key is taken from every place where clients put it, an empty one being no place', async () => {
    const { apiKey } = sluice.run;
    const places = [
      { headers: { authorization: `Bearer ${apiKey}` }, query: '' },
      { headers: { authorization: '', 'x-api-key': apiKey }, query: '' },
      { headers: { 'x-api-key': '', 'x-goog-api-key': apiKey }, query: '' },
      { headers: {}, query: `?key=${apiKey}` },
    ];
    const answers = await Promise.all(
      places.map(({ headers, query }) => sluice.bareCall(CHAT + query, { body: chatBody('hi'), headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('a wrong method', async () => {
    const answer = await sluice.call(CHAT, { method: 'GET' });
    expect([404, 405]).toContain(answer.status);
    expect(answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('a malformed address', async () => {
    const answer = await sluice.call('/v1/models/%E0%A4%A');
    expect([400, 404]).toContain(answer.status);
    expect(answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
