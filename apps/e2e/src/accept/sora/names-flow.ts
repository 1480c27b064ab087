import assert from 'node:assert/strict';
import { expectSuccess } from '../../harness/admin-client.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { expectFilm, filmLinkIn, playSoraClient, type SoraSession, soraPrompt } from '../../scenarios/sora-client.js';
import type { LoneTarget } from './lone-target.js';
import { OLD_COUNT, OLD_ENHANCERS, OLD_EXTENSIONS, OLD_FILMS, OLD_PICTURES, type OldFilm } from './sora2api-models.js';

/** So many sessions of one client at once. */
const AT_ONCE = 8;

interface Tried {
  made: number;
  refused: number;
  /** Of one film. */
  link: string;
  videoId: string;
}

/** Every model of the old server by a session of its client: what comes is as the name says, or nothing comes. */
export async function tryNames(client: SluiceClient, target: LoneTarget): Promise<Tried> {
  const tried: Tried = { made: 0, refused: 0, link: '', videoId: '' };
  const count = (isMade: boolean) => (isMade ? (tried.made += 1) : (tried.refused += 1));
  await inLanes(OLD_FILMS, async (film) => {
    const session = await play(client, film.model);
    const can = target.refuses(film);
    if (can) assert.match(refusedAs400(session), can, film.model);
    else {
      await expectAsNamed(client, { session, film, target });
      Object.assign(tried, { link: filmLinkIn(session.content), videoId: session.videoId });
    }
    count(!can);
  });
  await inLanes(OLD_PICTURES, async (model) => {
    const session = await play(client, model);
    if (target.draws) assert.match(session.content, /^!\[Generated Image\]\(http/, JSON.stringify(session));
    else assert.deepEqual([session.status, session.error?.param], [404, 'model']);
    count(target.draws);
  });
  await inLanes(OLD_ENHANCERS, async (model) => {
    const session = await play(client, model);
    if (target.writesPrompts) assert.ok(session.content.length > 0);
    else assert.match(session.error?.message ?? '', /prompt-enhance/, JSON.stringify(session));
    count(target.writesPrompts);
  });
  for (const { model } of OLD_EXTENSIONS) {
    const nothing = await play(client, model);
    assert.deepEqual([nothing.status, nothing.error?.param], [400, 'messages'], 'an extension of nothing');
    count(false);
  }
  assert.equal((await play(client, 'avatar-create')).status, 400);
  count(false);
  assert.equal(tried.made + tried.refused, OLD_COUNT);
  return tried;
}

/** What the old server's stubs never did: without a stream it is made as well. */
export async function tryWhole(client: SluiceClient, model: string): Promise<string> {
  const body = { model, stream: false, messages: [{ role: 'user', content: soraPrompt('whole') }] };
  const { status, json, text, headers } = await client.call('/v1/chat/completions', { body });
  assert.equal(status, 200, text);
  assert.ok(headers['x-sluice-model']);
  const { choices } = json() as { choices: { message: { content: string }; finish_reason: string }[] };
  assert.equal(choices[0]?.finish_reason, 'stop');
  return filmLinkIn(choices[0]?.message.content ?? '');
}

/** The operator takes the names at their orientation alone: every one of the films is made by whoever there is. */
export async function tryOrientations(client: SluiceClient, target: LoneTarget): Promise<number> {
  expectSuccess(await client.admin.call('PUT', '/settings/SORA_NAMES_BIND', { value: 'orientation' }));
  try {
    await inLanes(OLD_FILMS, async (film) => {
      const session = await play(client, film.model);
      await expectFilm(session);
      expectTurned(await client.openai.videos.retrieve(session.videoId), { session, film, target });
    });
  } finally {
    expectSuccess(await client.admin.call('DELETE', '/settings/SORA_NAMES_BIND'));
  }
  return OLD_FILMS.length;
}

/** Whoever talks writes prompts out, where the operator's route says so. */
export async function tryTalker(client: SluiceClient, { upstream, talker }: LoneTarget): Promise<number> {
  if (talker === undefined) return 0;
  const targets = [{ upstream, model: talker }];
  expectSuccess(await client.admin.call('PUT', '/routes/prompt-enhance', { targets }));
  try {
    await inLanes(OLD_ENHANCERS, async (model) => {
      const session = await play(client, model);
      assert.ok(session.content.length > 0, JSON.stringify(session));
    });
  } finally {
    expectSuccess(await client.admin.call('DELETE', '/routes/prompt-enhance'));
  }
  return OLD_ENHANCERS.length;
}

/** As the old client writes it: the film's id or link among the words. */
export async function tryExtensions(client: SluiceClient, videoId: string): Promise<SoraSession[]> {
  return Promise.all(OLD_EXTENSIONS.map(({ model }) => play(client, model, `${videoId} ${soraPrompt('and then')}`)));
}

interface Expected {
  session: SoraSession;
  film: OldFilm;
  target: LoneTarget;
}

async function expectAsNamed(client: SluiceClient, expected: Expected): Promise<void> {
  const { session, film } = expected;
  await expectFilm(session);
  const video = await client.openai.videos.retrieve(session.videoId);
  assert.deepEqual([video.model, video.seconds], [film.model, String(film.seconds)]);
  const [width = 0, height = 0] = video.size.split('x').map(Number);
  if (film.isLarge) assert.equal(Math.min(width, height), 1080, video.size);
  expectTurned(video, expected);
}

function expectTurned({ size }: { size: string }, { session, film, target }: Expected): void {
  const [width = 0, height = 0] = size.split('x').map(Number);
  assert.equal(width < height, film.isPortrait, `${film.model} became ${size}`);
  assert.equal(session.maker.upstream, target.upstream);
  assert.ok(session.maker.model, 'x-sluice-model');
}

function refusedAs400({ status, error, content }: SoraSession): string {
  assert.deepEqual([status, content], [400, '']);
  return error?.message ?? '';
}

function play({ run }: SluiceClient, model: string, content: unknown = soraPrompt('a film')): Promise<SoraSession> {
  return playSoraClient({ gateway: run.gateway, apiKey: run.apiKey, model, content });
}

async function inLanes<Item>(items: readonly Item[], use: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await use(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
