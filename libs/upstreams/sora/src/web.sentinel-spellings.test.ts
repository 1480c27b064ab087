import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import type { Puzzle } from './web.proof-of-work.js';
import { callProtected } from './web.sentinel.js';

const json = (value: object, status = 200): FakeAnswer => ({ status, pieces: [JSON.stringify(value)] });
const PUZZLE = { required: true, seed: '0.5', difficulty: '0fffff' };
const asked = (proofofwork?: object, more: object = { turnstile: { dx: 'dx' } }) =>
  json({ token: 'c', ...more, ...(proofofwork && { proofofwork }) });

async function call(...answers: FakeAnswer[]) {
  const http = createFakeHttp(...answers);
  const solved: Puzzle[] = [];
  const solve = (puzzle: Puzzle) => {
    solved.push(puzzle);
    return Promise.resolve(`solution${solved.length}`);
  };
  const answer = callProtected({ path: '/nf/create', body: {} }, createSessionContext({ http }), { solve });
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const shown = http.requests.flatMap(({ headers }) => headers?.['openai-sentinel-token'] ?? []);
  return { error, solved, shown: shown.map((text) => JSON.parse(text) as Record<string, unknown>) };
}

it.each<[string, FakeAnswer, object, string[]]>([
  ['a puzzle', asked(PUZZLE), { p: 'gAAAAABsolution2~S', t: 'dx' }, ['0fffff', '0fffff']],
  ['no turnstile', asked(PUZZLE, {}), { p: 'gAAAAABsolution2~S', t: '' }, ['0fffff', '0fffff']],
  ['a turnstile without a word', asked(PUZZLE, { turnstile: {} }), { t: '' }, ['0fffff', '0fffff']],
  ['no need of one', asked({ ...PUZZLE, required: false }), { p: 'gAAAAACsolution1~S' }, ['0fffff']],
  ['nothing of one', asked(), { p: 'gAAAAACsolution1~S' }, ['0fffff']],
  ['a seed as a number', asked({ ...PUZZLE, seed: 0.5, difficulty: '00ff' }), { c: 'c' }, ['0fffff', '00ff']],
])('what shows a proof of work is made for %s', async (_name, answer, header, difficulties) => {
  const { shown, solved, error } = await call(answer, json({ id: 'task_1' }));
  expect(error).toBeUndefined();
  expect(shown).toMatchObject([header]);
  expect(solved.map(({ difficulty }) => difficulty)).toEqual(difficulties);
  expect(solved.every(({ seed }) => Number.isFinite(Number(seed)))).toBe(true);
});

it('a refusal in other words is one, and the next proof has an id of its own', async () => {
  const odd = json({ error: { code: 'invalid_request', message: 'Hmmm something didn’t look right with it' } }, 400);
  const { error, shown } = await call(asked(PUZZLE), odd, asked(PUZZLE), json({ id: 'task_1' }));
  expect(error).toBeUndefined();
  expect(shown[1]?.['id']).not.toBe(shown[0]?.['id']);
});

it('a proof that cannot be asked for leaves the call unpaid', async () => {
  for (const answer of [json({}, 500), json({}), { status: 429, pieces: ['<html></html>'] }])
    expect((await call(answer)).error).toMatchObject({ data: { saw: 'refused' } });
});
