import type { CharacterRequest } from '@sluice/contracts/character';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QUICK, SimulatedSite } from './__fixtures__/simulated-site.js';

const site = new SimulatedSite();
const job = () => site.jobOf('character');
const SOON = '[[sim:videoMs=0]]';

beforeAll(() => site.open());
beforeEach(() => site.next());
afterAll(() => site.close());

/** A film whose name tells the site what shall become of it. */
function film(marks = SOON, more: Partial<CharacterRequest> = {}): CharacterRequest {
  const media = { key: 'k', mediaType: 'video/mp4', bytes: 4, filename: `film ${site.count} ${marks}.mp4` };
  return { model: 'avatar-create', from: { type: 'film', media }, ...more };
}

async function make(request: CharacterRequest): Promise<OperationStep | undefined> {
  return (await site.follow('character', await site.start('character', request))).at(-1);
}

async function look(operation: Operation): Promise<OperationStep> {
  const [step] = (await job().poll?.([operation], site.context())) ?? [];
  if (!step) throw new Error('no step');
  return step;
}

interface Shown {
  begun: number;
  cameos: { id: string; characterId?: string; username?: string; visibility: string; timestamps: number[] }[];
}

async function cameos(): Promise<Shown['cameos']> {
  return ((await site.shown('', site.account)).characters as Shown).cameos;
}

const sentTo = (path: string) => site.sent.filter(({ url }) => url.includes(path)).length;
const failure = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (thrown: unknown) => toGatewayError(thrown).data,
  );

describe('a character', () => {
  it('is made of a film, named by its owner, and hidden where that is said', async () => {
    const wish = {
      username: `rex${site.count}`,
      displayName: 'Rex',
      instructions: 'barks',
      timestamps: [1, 4] as const,
    };
    const made = await make(film(SOON, { ...wish, safetyInstructions: 'no cats', isPublic: false }));
    expect(made).toMatchObject({
      type: 'done',
      files: [{ role: 'thumbnail', needsCredential: false }],
      facts: { kind: 'session', username: wish.username, displayName: 'Rex', instructions: 'barks', public: false },
    });
    expect(await cameos()).toMatchObject([
      {
        username: wish.username,
        visibility: 'private',
        timestamps: [1, 4],
        instructions: 'barks',
        safetyInstructions: 'no cats',
      },
    ]);
  });

  it('is called as the site proposes, told apart by the same digits each time, and public', async () => {
    expect(await make(film())).toMatchObject({
      facts: { username: 'somebody', displayName: 'Somebody', public: true },
    });
    const second = await make(film());
    expect(second).toMatchObject({ facts: { username: expect.stringMatching(/^somebody\d{4}$/) } });
  });

  it('is found in a draft of the account', async () => {
    const video = await site.endOf(site.video(QUICK));
    const draft = video?.type === 'done' ? String(video.facts?.['draft']) : '';
    expect(await make({ model: 'm', from: { type: 'draft', id: draft } })).toMatchObject({ type: 'done' });
    expect(
      await failure(site.start('character', { model: 'm', from: { type: 'draft', id: 'gen_other' } })),
    ).toMatchObject({
      code: 'not_found',
      saw: 'refused',
    });
  });

  it('that was taken away is gone, and once more is no failure', async () => {
    const made = await make(film());
    await job().cancel?.(made?.operation ?? {}, site.context());
    expect(await cameos()).toEqual([]);
    await job().cancel?.(made?.operation ?? {}, site.context());
  });

  it('is shown, hidden, and searched for by those who may see it', async () => {
    const username = `seen${site.count}`;
    const made = await make(film(SOON, { username, isPublic: false }));
    const owner = site.context();
    const found = () => sora.characters?.search('seen', site.context());
    expect(await found()).toMatchObject([{ username, displayName: 'Somebody' }]);
    site.account = `stranger${site.count}`;
    expect(await found()).toEqual([]);
    await sora.characters?.share(made?.operation ?? {}, { isPublic: true }, owner);
    expect(await found()).toMatchObject([{ username }]);
  });

  it('appears in a video of its account, where at most three do', async () => {
    const made = await make(film());
    const characters = [{ generationId: 'g', operation: made?.operation ?? {} }];
    const request = site.video(QUICK, { characters });
    expect(await site.endOf(request)).toMatchObject({ type: 'done' });
    expect(await site.shown(request.prompt)).toMatchObject({
      tasks: [{ request: { cameo_ids: [made?.type === 'done' ? made.facts?.['characterId'] : ''] } }],
    });
    expect(await failure(site.endOf(site.video('@a @b.c @c @d')))).toMatchObject({
      code: 'unsupported',
      param: 'prompt',
    });
    expect(await failure(site.endOf(site.video('@a @b @a @c, mail me@home.test')))).toBeUndefined();
  });
});

describe('a worker that dies', () => {
  it('in any stage leaves one character: what is done again with the same row changes nothing', async () => {
    let operation = await site.start('character', film('[[sim:videoMs=0]]', { displayName: 'Rex' }));
    const steps: OperationStep[] = [];
    for (let stage = 0; steps.at(-1)?.type !== 'done' && stage < 9; stage += 1) {
      // Its call is made, and what came of it is lost with the worker.
      await look(operation);
      steps.push(await look(operation));
      operation = steps.at(-1)?.operation ?? {};
    }
    expect(steps.map(({ type }) => type)).toEqual(['running', 'running', 'done']);
    expect(sentTo('/characters/finalize')).toBe(2);
    const [only, ...others] = await cameos();
    expect(others).toEqual([]);
    expect(steps.at(-1)).toMatchObject({ facts: { characterId: only?.characterId, username: only?.username } });
  });

  it('with the answer to the last stage on its way leaves one character', async () => {
    const request = film(SOON, { displayName: 'Rex [[sim:acceptFirst,lostReply,failTimes=1]]' });
    const settled = await look(await site.start('character', request));
    expect(await failure(look(settled.operation))).toMatchObject({ code: 'upstream_interrupted' });
    const ended = (await site.follow('character', settled.operation)).at(-1);
    expect(ended).toMatchObject({ type: 'done', facts: { characterId: (await cameos())[0]?.characterId } });
    expect(await cameos()).toHaveLength(1);
  });
});

it('two of one account that want the same name: one has it, and the other is none', async () => {
  const username = `twin${site.count}`;
  const begin = () => site.start('character', film(SOON, { username }));
  const operations = await Promise.all([begin(), begin()]);
  const ends = await Promise.all(operations.map((one) => site.follow('character', one)));
  expect(new Set(ends.map((all) => all.at(-1)?.type))).toEqual(new Set(['done', 'failed']));
  expect(await cameos()).toMatchObject([{ username, characterId: expect.any(String) }]);
});

describe('what goes wrong leaves no half of it in the account', () => {
  it.each([
    ['moderated', 'content_refused', 'This film violates our policies.'],
    ['videoFails', 'upstream_error', 'Nobody was found in the film.'],
  ])('%s', async (mark, code, message) => {
    expect(await make(film(`[[sim:videoMs=0,${mark}]]`))).toMatchObject({ type: 'failed', error: { code, message } });
    expect(await cameos()).toEqual([]);
  });

  it('a name that was taken is refused before anything is made', async () => {
    const error = await failure(site.start('character', film(SOON, { username: 'taken' })));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'username', saw: 'refused' });
    expect(await cameos()).toEqual([]);
  });

  it('a name that is taken meanwhile', async () => {
    expect(await make(film(SOON, { username: 'raced' }))).toMatchObject({
      type: 'failed',
      error: { code: 'invalid_request', param: 'username' },
    });
    expect(await cameos()).toEqual([]);
  });

  it('one that is given up while it is made', async () => {
    const operation = await site.start('character', film('[[sim:stuckAt=1]]'));
    expect(await look(operation)).toMatchObject({ type: 'running' });
    await job().cancel?.(operation, site.context());
    expect(await cameos()).toEqual([]);
  });

  it('one that never gets ready', async () => {
    const operation = await site.start('character', film('[[sim:stuckAt=1]]'));
    const late = { ...operation, acceptedAtMs: Date.now() - 600_000 };
    const ended = (await site.follow('character', late)).at(-1);
    expect(ended).toMatchObject({ type: 'failed', error: { code: 'upstream_timeout' } });
    expect(await cameos()).toEqual([]);
  });
});

it('a look that fails is made again, and the account’s own failure is told as that', async () => {
  expect(await failure(make(film('[[sim:videoMs=0,pollStatus=500]]')))).toBeUndefined();
  const operation = await site.start('character', film('[[sim:stuckAt=1,pollStatus=503,pollFailTimes=9]]'));
  await look(operation);
  expect(await failure(look(operation))).toMatchObject({ upstreamStatus: 503 });
});

it('halves hold places, and an account without one is not the only one', async () => {
  await site.wish({ places: 1 });
  await site.start('character', film('[[sim:stuckAt=1]]'));
  expect(await failure(site.start('character', film()))).toMatchObject({
    code: 'upstream_rate_limited',
    reason: 'character_places',
    scope: 'model',
    saw: 'refused',
  });
});

it('a reply that is lost after the film was taken is not known', async () => {
  const error = await failure(site.start('character', film('[[sim:acceptFirst,lostReply]]')));
  expect(error).toMatchObject({ saw: 'unknown' });
});
