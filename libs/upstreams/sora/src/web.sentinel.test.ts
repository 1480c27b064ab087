import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import type { ProofOfWork } from './web.proof-of-work.js';
import { callProtected } from './web.sentinel.js';

const ASKED = JSON.stringify({
  token: 'gAAAAABtoken',
  turnstile: { dx: 'dx' },
  proofofwork: { required: true, seed: '0.42', difficulty: '00' },
});
const REFUSED = '{"error":{"message":"Unable to process request.","code":"sentinel_block"}}';
const call = { path: '/nf/create', body: {} };
/** The puzzle of one's own is easy; the site's is not. */
const inVain: ProofOfWork = {
  solve: async ({ difficulty }) => (difficulty === '0fffff' ? 'c29sdmVk' : undefined),
};
const solved: ProofOfWork = { solve: async () => 'c29sdmVk' };

function shownIn(http: ReturnType<typeof createFakeHttp>): { p: string; c: string }[] {
  const tokens = http.requests.flatMap(({ headers }) => headers?.['openai-sentinel-token'] ?? []);
  return tokens.map((token) => JSON.parse(token) as { p: string; c: string });
}

it('shows the marker and the seed where there is no solution within the bound', async () => {
  const http = createFakeHttp({ pieces: [ASKED] }, { pieces: ['{"id":"task_1"}'] });
  expect(await callProtected(call, createSessionContext({ http }), inVain)).toEqual({ id: 'task_1' });
  // "0.42", with its quotes.
  expect(shownIn(http)).toMatchObject([{ p: 'gAAAAABwQ8Lk5FbGpA2NcR9dShT6gYjU7VxZ4DIjAuNDIi~S', c: 'gAAAAABtoken' }]);
});

it('is not solved in vain a second time, where the site insists', async () => {
  const http = createFakeHttp({ pieces: [ASKED] }, { status: 400, pieces: [REFUSED] });
  await expect(callProtected(call, createSessionContext({ http }), inVain)).rejects.toMatchObject({
    data: { code: 'challenge_required', saw: 'refused', reason: 'proof_of_work_unsolved' },
  });
  expect(shownIn(http)).toHaveLength(1);
});

it('is solved anew, once, where a solution is refused', async () => {
  const [asked, refused] = [{ pieces: [ASKED] }, { status: 400, pieces: [REFUSED] }];
  const http = createFakeHttp(asked, refused, asked, refused);
  await expect(callProtected(call, createSessionContext({ http }), solved)).rejects.toMatchObject({
    data: { code: 'challenge_required', saw: 'refused' },
  });
  expect(shownIn(http)).toHaveLength(2);
});
