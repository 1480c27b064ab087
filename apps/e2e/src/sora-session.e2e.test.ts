import { toFile, type OpenAI } from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
afterAll(async () => {
  for (const { id } of sessions) await sluice.admin.call('DELETE', `/credentials/${id}`);
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
