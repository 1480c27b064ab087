import { toFile, type OpenAI } from 'openai';
import { beforeAll, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { QUICK, untilEnded } from './scenarios/durable-videos.js';
import { drawPng, isPicture } from './scenarios/images.js';
import { createSoraSession, readSoraTasks, routeToSessions, type OwnSession } from './scenarios/sora-session.js';

const sluice = sharedSluice();
const sdk = sluice.openai;
const simulator = sluice.run.simulator ?? '';
const sessions: OwnSession[] = [];
let models: Awaited<ReturnType<typeof routeToSessions>>;

type Wish = Omit<Parameters<typeof sdk.videos.create>[0], 'model' | 'seconds' | 'size'> & {
  model?: string;
  seconds?: string;
  size?: string;
};
const make = (wish: Wish) => sdk.videos.create({ model: models.video, seconds: '10', ...wish } as never);

beforeAll(async () => {
  models = await routeToSessions(sluice);
  sessions.push(
    // Neither has an access token: it is exchanged for one before the first call, and kept.
    await createSoraSession(sluice, { tokens: (account) => ({ sessionToken: `sim-st-${account}` }) }),
    await createSoraSession(sluice, {
      word: 'pro',
      tokens: (account) => ({ refreshToken: `rt_sim-${account}-1`, clientId: 'app_sim' }),
      settings: { plan: 'pro' },
    }),
  );
});

it('a video is made of words, of a picture, and of another video', async () => {
  const word = unique('film');
  const input_reference = await toFile(drawPng(), 'cat.png', { type: 'image/png' });
  const begun = await Promise.all([
    make({ prompt: `${word} ${QUICK}`, size: '1280x720' }),
    make({ prompt: `${word} runs ${QUICK}`, input_reference }),
  ]);
  for (const { id } of begun) {
    expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed', seconds: '10' });
    const content = await sdk.videos.downloadContent(id);
    expect(Buffer.from(await content.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
  }
  const [first] = begun;
  const remix = await sdk.videos.remix(first?.id ?? '', { prompt: `${word} as a dog ${QUICK}` });
  const longer = await sdk.post<OpenAI.Video>('/videos/extensions', {
    body: { video: { id: first?.id }, prompt: `${word} goes on ${QUICK}`, seconds: '15' },
  });
  for (const { id } of [remix, longer]) expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
  const { tasks, submissions } = await readSoraTasks(simulator, word);
  expect(tasks.map(({ operation }) => operation).toSorted()).toEqual(['create', 'create', 'extension', 'remix']);
  expect(submissions.every(({ accepted }) => accepted === 1)).toBe(true);
  const owner = tasks.find(({ prompt }) => prompt === `${word} ${QUICK}`)?.account;
  for (const task of tasks.filter(({ operation }) => operation === 'remix' || operation === 'extension'))
    expect(task.account).toBe(owner);
});

it('references are looked at, and leave nothing in the account; whoever cannot be told what they show is not asked', async () => {
  const word = unique('looking');
  const picture = `data:image/png;base64,${drawPng().toString('base64')}`;
  const file = await sdk.files.create({
    file: await toFile(drawPng(), 'sea.png', { type: 'image/png' }),
    purpose: 'vision',
  });
  const references = [
    { image_url: picture, name: 'Alps', type: 'setting', description: 'white' },
    { file_id: file.id, name: 'Sea', type: 'style' },
    picture,
  ];
  const look = (model: string) =>
    sdk.post<OpenAI.Video>('/videos', { body: { prompt: `${word} ${QUICK}`, model, references } });
  const { id } = await look(models.video);
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
  const { tasks, references: left } = await readSoraTasks(simulator, word);
  expect(tasks.map(({ request }) => request.inpaint_items?.map(({ kind }) => kind))).toEqual([
    ['reference', 'reference', 'reference'],
  ]);
  expect(left.filter(({ account }) => account === tasks[0]?.account)).toEqual([]);
  const plain = unique('videos-api');
  const targets = [{ upstream: 'sora', model: 'sim-video', kind: 'videos-api' }];
  expect((await sluice.admin.call('PUT', `/routes/${plain}`, { targets })).status).toBe(200);
  await expect(look(plain)).rejects.toMatchObject({ status: 400, param: 'references' });
});

it('a deleted video is gone from its account too, with the post that a remix made', async () => {
  const word = unique('deleted');
  const { id } = await make({ prompt: `${word} ${QUICK}` });
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
  const remix = await sdk.videos.remix(id, { prompt: `${word} again ${QUICK}` });
  expect(await untilEnded(sdk, remix.id)).toMatchObject({ status: 'completed' });
  const { data, response } = await sdk.videos.delete(id).withResponse();
  expect(data).toMatchObject({ deleted: true });
  expect(response.headers.get('x-sluice-upstream-removal')).toBe('removed');
  const { tasks } = await readSoraTasks(simulator, word);
  expect(tasks.map(({ operation, isDeleted }) => `${operation} ${isDeleted}`).toSorted()).toEqual([
    'create true',
    'remix false',
  ]);
  await sluice.simulator.addFault({
    match: { path: '/sora/backend/project_y/profile/drafts', key: tasks[0]?.account },
    fault: { status: 503 },
    times: 1,
  });
  const second = await sdk.videos.delete(remix.id).withResponse();
  expect(second.response.headers.get('x-sluice-upstream-removal')).toBe('failed (upstream_error)');
  await expect(sdk.videos.retrieve(remix.id)).rejects.toMatchObject({ status: 404 });
});

it('what only a plan has is asked of accounts of that plan', async () => {
  const word = unique('long');
  const { id } = await make({ prompt: `${word} ${QUICK}`, model: models.pro, size: '1920x1080' });
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
  const { tasks } = await readSoraTasks(simulator, word);
  expect(tasks).toMatchObject([{ model: 'sy_ore', account: sessions[1]?.account }]);
});

it('what cannot be made is told with what can, and nothing is submitted', async () => {
  const word = unique('short');
  const { id } = await make({ prompt: word, seconds: '8' });
  const ended = await untilEnded(sdk, id);
  expect(ended).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('10, 15, 25 seconds') } });
  expect((await readSoraTasks(simulator, word)).tasks).toEqual([]);
});

it('what the site would not show is refused by its word', async () => {
  const { id } = await make({ prompt: `${unique('bad')} [[sim:queueMs=0,videoMs=50,moderated]]` });
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked' } });
});

it('pictures are made, and prompts written out', async () => {
  const { data } = await sdk.images.generate({
    model: models.image,
    prompt: `a cat ${QUICK}`,
    response_format: 'b64_json',
  });
  expect(isPicture(Buffer.from(data?.[0]?.b64_json ?? '', 'base64'))).toBe(true);
  const word = unique('prompt');
  const answer = await sdk.chat.completions.create({
    model: models.enhance,
    messages: [{ role: 'user', content: word }],
  });
  expect(answer.choices[0]?.message.content).toBe(`Enhanced (short, 10 s): ${word}`);
});
