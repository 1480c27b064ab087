import { toFile } from 'openai';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.js';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const { openai } = sluice;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
const PIXEL_URL = `data:image/png;base64,${PIXEL}`;
/** Enough of a WAV for whoever looks at its first bytes. */
const SOUND = Buffer.concat([Buffer.from('RIFF\x28\x1f\0\0WAVEfmt '), Buffer.alloc(8_000)]);
const QUICK = '[[sim:queueMs=0,videoMs=100]]';

describe('pain point 14: files and lists in forms', () => {
  it('a file beside names that end in []', async () => {
    const file = await toFile(SOUND, 'hello.wav', { type: 'audio/wav' });
    const { words, segments } = await openai.audio.transcriptions.create({
      model: 'sim-transcribe',
      file,
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect([words?.length, segments?.length].every((length) => (length ?? 0) > 0)).toBe(true);
  });

  it('a picture of a video', async () => {
    const picture = await toFile(Buffer.from(PIXEL, 'base64'), 'picture.png', { type: 'image/png' });
    const body = { model: 'sim-video' as never, prompt: `as here ${QUICK}`, input_reference: picture };
    expect(await openai.videos.create(body)).toMatchObject({ status: 'queued' });
  });
});

describe('pain point 16: video shapes', () => {
  const make = (body: object) =>
    sluice.call('/v1/videos', { body: { model: 'sim-video', prompt: `a cat ${QUICK}`, ...body } });

  it.each([
    { seconds: 4 },
    { duration: '4' },
    { input_reference: PIXEL_URL },
    { input_reference: { image_url: PIXEL_URL } },
    { input_reference: { image_url: { url: PIXEL_URL } } },
    { images: [PIXEL_URL], ratio: '16:9' },
    { image_url: PIXEL_URL, aspect_ratio: '9:16' },
  ])('%j is understood', async (body) => {
    const answer = await make(body);
    expect([answer.status, answer.json()]).toMatchObject([200, { object: 'video', status: 'queued' }]);
  });

  it.each([
    ['seconds', { seconds: 9_000 }],
    ['size', { size: '1x1000000' }],
    ['n', { n: 0 }],
  ])('%s is refused rather than changed', async (param, body) => {
    const answer = await make(body);
    expect([answer.status, answer.json()]).toMatchObject([400, { error: { param } }]);
  });

  it('nothing of the account that made it is told with the file', async () => {
    const { model, upstreamKey } = await sluice.admin.createModel({ upstream: 'sora', kind: 'videos-api' });
    const { id } = (await make({ model })).json() as { id: string };
    const path = `/v1/videos/${id}`;
    const made = await eventually('the video ends', async () => {
      const answer = await sluice.call(path);
      return (answer.json() as { status: string }).status === 'completed' && answer;
    });
    const file = await sluice.call(`${path}/content`);
    expect([file.status, file.headers['content-type']]).toEqual([200, 'video/mp4']);
    const told = JSON.stringify([made.text, made.headers, file.headers]);
    for (const secret of [upstreamKey, sluice.run.simulator ?? '', 'set-cookie', 'authorization'])
      expect(told).not.toContain(secret);
  });
});
