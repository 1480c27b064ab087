import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { toWebFailure } from './web.error.js';

async function failure(status: number, body: string) {
  const http = createFakeHttp({ status, pieces: [body] });
  const request = { method: 'GET', url: 'http://site.test', signal: AbortSignal.timeout(1_000) } as const;
  return (await toWebFailure(await http.request(request), 0)).data;
}
const told = (message: string, code?: string) => JSON.stringify({ error: { message, ...(code && { code }) } });

/** Sora2API read statuses out of texts; ids are full of them. */
it.each([
  [400, told('Unknown upload media_0000000000000000000000429.'), 'invalid_request'],
  [404, told('Draft gen_401429403 not found.'), 'not_found'],
  [500, told('task_0000000000000000000000401 broke'), 'upstream_error'],
  [429, told('401 of 403 in 25 tries'), 'upstream_rate_limited'],
  [403, told('429'), 'upstream_forbidden'],
  [401, told('You already have 3 generations in progress'), 'upstream_auth'],
  [400, told('The seed 125s is odd'), 'invalid_request'],
])('a status is not read out of a text: %i with %s is %s', async (status, body, code) => {
  expect(await failure(status, body)).toMatchObject({ code, upstreamStatus: status });
});

/** What broke may have been taken on before it did: only a word that nobody says by chance tells otherwise. */
it.each([
  [500, told('Unable to process request'), 'upstream_error'],
  [502, told('foreign key violation'), 'upstream_error'],
  [503, told('You already have 3 generations in progress'), 'upstream_error'],
  [408, told('duration 25 s not available'), 'upstream_timeout'],
])('no words beside a %i say that nothing was taken on: %s', async (status, body, code) => {
  expect(await failure(status, body)).toMatchObject({ code, saw: 'unknown', upstreamStatus: status });
});

it.each([
  [503, told('no', 'heavy_load'), 'upstream_overloaded'],
  [500, told("We're under heavy load, please try again later."), 'upstream_overloaded'],
  [500, told('no', 'sentinel_block'), 'challenge_required'],
  [400, told('Unable to process request'), 'challenge_required'],
])('%i with %s is a refusal', async (status, body, code) => {
  expect(await failure(status, body)).toMatchObject({ code, saw: 'refused' });
});
