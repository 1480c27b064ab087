import type { Batch } from '@sluice/contracts/batch';
import { expect, it } from 'vitest';
import { decodeCreateBatch, decodeLine } from './decode-batch.js';
import { encodeBatch, encodeLine, encodeUnanswered } from './encode-batch.js';

const ENDPOINT = '/v1/chat/completions';
const create = { input_file_id: 'file-1', endpoint: ENDPOINT, completion_window: '24h' };

it('reads what a batch is made from', () => {
  expect(decodeCreateBatch({ ...create, metadata: { a: 'b' } })).toEqual({
    inputFileId: 'file-1',
    endpoint: ENDPOINT,
    metadata: { a: 'b' },
    outputLifeMs: undefined,
  });
  const expiry = { anchor: 'created_at', seconds: 3_600 };
  expect(decodeCreateBatch({ ...create, output_expires_after: expiry }).outputLifeMs).toBe(3_600_000);
});

it.each([
  [{ ...create, endpoint: '/v1/moderations' }, 'endpoint'],
  [{ ...create, endpoint: '/v1/other' }, 'endpoint'],
  [{ ...create, completion_window: '1h' }, 'completion_window'],
  [{ ...create, input_file_id: undefined }, 'input_file_id'],
  [{ ...create, output_expires_after: { anchor: 'created_at', seconds: 1 } }, 'output_expires_after.seconds'],
  [{ ...create, metadata: { a: 1 } }, 'metadata.a'],
])('refuses %j by its field', (body, param) => {
  expect(() => decodeCreateBatch(body)).toThrow(expect.objectContaining({ data: expect.objectContaining({ param }) }));
});

const line = { custom_id: 'a', method: 'POST', url: ENDPOINT, body: { model: 'm', messages: [] } };

it('reads a line', () => {
  expect(decodeLine(JSON.stringify(line), ENDPOINT)).toEqual({ customId: 'a', model: 'm', body: line.body });
});

it.each([
  ['{', 'invalid_json_line', undefined],
  ['[]', 'invalid_type', undefined],
  [JSON.stringify({ ...line, custom_id: undefined }), 'missing_required_parameter', 'custom_id'],
  [JSON.stringify({ ...line, method: 'GET' }), 'invalid_value', 'method'],
  [JSON.stringify({ ...line, url: '/v1/embeddings' }), 'mismatched_url', 'url'],
  [JSON.stringify({ ...line, body: 'x' }), 'invalid_type', 'body'],
])('says of the line %s what is wrong', (text, code, param) => {
  expect(decodeLine(text, ENDPOINT)).toMatchObject({ problem: { code, ...(param && { param }) } });
});

it('tells a batch with a time for each status', () => {
  const batch: Batch = {
    id: 'batch_1',
    ownerKeyId: 'key_1',
    endpoint: ENDPOINT,
    inputFileId: 'file-1',
    status: 'failed',
    counts: { total: 0, completed: 0, failed: 0 },
    problems: [{ code: 'empty_file', message: 'Empty.' }],
    createdAtMs: 1_999,
    expiresAtMs: 86_401_999,
    finishedAtMs: 3_000,
  };
  expect(encodeBatch(batch)).toMatchObject({
    object: 'batch',
    created_at: 1,
    expires_at: 86_401,
    failed_at: 3,
    completed_at: null,
    errors: { object: 'list', data: [{ code: 'empty_file', message: 'Empty.', line: null, param: null }] },
  });
});

it('writes an answer on one line, as it came', () => {
  const answer = { id: 'batch_req_1', customId: 'a"', status: 200, requestId: 'req_1' };
  const expected = { id: 'batch_req_1', custom_id: 'a"', error: null };
  for (const bodyJson of ['{"a":1}', '{\n"a": 1\n}']) {
    const text = encodeLine({ ...answer, bodyJson });
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      ...expected,
      response: { status_code: 200, request_id: 'req_1', body: { a: 1 } },
    });
  }
  expect(JSON.parse(encodeUnanswered({ id: 'batch_req_1', customId: 'a', reason: 'expired' }))).toMatchObject({
    response: null,
    error: { code: 'batch_expired' },
  });
});
