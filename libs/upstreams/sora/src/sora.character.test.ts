import type { CharacterRequest } from '@sluice/contracts/character';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { createTestContext } from './create-test-context.js';
import { apiCharacter } from './sora.character.js';
import { toSubmission } from './sora.submission.js';
import { webCharacter } from './web.character.js';

const media = { key: 'film', mediaType: 'video/mp4', bytes: 4 };
const FILM: CharacterRequest = { model: 'avatar-create', from: { type: 'film', media } };
const readMedia = async function* () {
  yield Buffer.from('film');
};

describe('a character of the website', () => {
  const cases = jobConformance({
    job: webCharacter,
    request: FILM,
    context: (call) => createSessionContext({ ...call, readMedia, clock: { now: () => 1_000, after: () => () => {} } }),
    accepted: { plain: '{"id":"cameo_1"}' },
    operation: { id: 'cameo_1', acceptedAtMs: 0 },
    secret: 'sealed-token',
  });
  for (const { name, run } of cases) it(name, run);
});

describe('a character of a vendor', () => {
  const cases = jobConformance({
    job: apiCharacter,
    request: { ...FILM, displayName: 'Rex' },
    context: (call) => ({ ...createTestContext(call), readMedia, credential: { apiKey: 'sealed-key' } }),
    accepted: { plain: '{"id":"char_1","name":"Rex","created_at":1}' },
    operation: { id: 'char_1', acceptedAtMs: 0 },
    secret: 'sealed-key',
  });
  // A path that is not there, which is no refusal of the request, is another case.
  for (const { name, run } of cases) it(name, run);

  async function run(request: CharacterRequest, ...answers: FakeAnswer[]) {
    const http = createFakeHttp(...answers);
    const context = { ...createTestContext({ http }), readMedia, credential: { apiKey: 'k' } };
    const steps: unknown[] = [];
    try {
      for await (const step of apiCharacter.start(request, context)) steps.push(step);
      return { steps, requests: http.requests, context };
    } catch (thrown) {
      return { steps, requests: http.requests, context, error: toGatewayError(thrown).data };
    }
  }

  it('is a film and a name, and is there at the first look', async () => {
    const told = { pieces: ['{"id":"char_1","name":"Rex","created_at":1}'] };
    const { steps, requests, context } = await run({ ...FILM, displayName: 'Rex' }, told);
    expect(steps).toMatchObject([{ type: 'accepted', operation: { id: 'char_1' } }]);
    expect(requests).toMatchObject([{ method: 'POST', headers: { 'idempotency-key': context.generationId } }]);
    expect(requests[0]?.url).toMatch(/\/videos\/characters$/);
    expect(await apiCharacter.poll?.([{ id: 'char_1', acceptedAtMs: 0 }], context)).toMatchObject([
      { type: 'done', files: [], facts: { kind: 'videos-api', characterId: 'char_1', displayName: 'Rex' } },
    ]);
  });

  it.each<[Partial<CharacterRequest>, string]>([
    [{ username: 'rex' }, 'username'],
    [{ timestamps: [0, 3] }, 'timestamps'],
    [{ instructions: 'barks' }, 'instruction_set'],
    [{ isPublic: true }, 'public'],
    [{ displayName: 'x'.repeat(81) }, 'name'],
    [{ from: { type: 'draft', id: 'gen_1' } }, 'generation_id'],
  ])('with %j is refused before anything is sent, for its %s', async (more, param) => {
    const { error, requests } = await run({ ...FILM, ...more });
    expect(error).toMatchObject({ code: 'unsupported', saw: 'nothing', param });
    expect(requests).toEqual([]);
  });

  it('is left to others where there is no such path', async () => {
    const { error } = await run(FILM, { status: 404, pieces: ['{"error":{"message":"no"}}'] });
    expect(error).toMatchObject({ code: 'unsupported', saw: 'refused' });
  });
});

describe('a video of a vendor in which somebody appears', () => {
  const ours = (...ids: string[]) => ids.map((id) => ({ generationId: 'g', operation: { id } }));
  const video = { model: 'm', prompt: 'Rex runs' };

  it('names them by the vendor’s ids, ours before those that the caller knows', () => {
    const others = { providerOptions: { sora: { characters: [{ id: 'char_own' }] } } };
    const { fields } = toSubmission({ ...video, characters: ours('char_1'), ...others }, 'sora-2');
    expect(fields['characters']).toEqual([{ id: 'char_1' }, { id: 'char_own' }]);
  });

  it('takes two', () => {
    const asked = { ...video, characters: ours('1', '2', '3') };
    expect(() => toSubmission(asked, 'sora-2')).toThrow(/At most 2 characters/);
  });
});
