import assert from 'node:assert/strict';
import { expectSuccess } from '../../harness/admin-client.js';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { QUICK } from '../../scenarios/durable-videos.js';
import type { FilmPlayer } from '../../scenarios/film-player.js';
import { runPlatformServer } from '../../scenarios/platform-server.js';
import { StudioBrowser, videoPageSchema, videoSchema } from '../../scenarios/studio-browser.js';

/** As often as its front end asks. */
const POLL = { withinMs: 60_000, everyMs: 2_000 };

/** The platform's front end, with nothing set: from sign-up to films that are watched, page by page. */
export async function tryFrontEnd({ run }: SluiceClient, player: FilmPlayer): Promise<string> {
  const browser = await new StudioBrowser(run.gateway, `${unique('user')}@example.com`).signUp();
  await browser.logIn();
  const started = await Promise.all(
    ['portrait', 'landscape'].map((orientation) => browser.start(`${unique('job')} ${QUICK}`, orientation)),
  );
  for (const { job } of started) {
    const ended = await eventually(
      `job ${job.id} ends`,
      async () => {
        const found = await browser.job(job.id);
        return ['completed', 'failed'].includes(found.status) && found;
      },
      POLL,
    );
    assert.equal(ended.status, 'completed', JSON.stringify(ended));
    const { videoUrl } = videoSchema.parse((await browser.call(`/api/videos/${ended.videoId ?? ''}`)).json());
    await player.play(videoUrl);
  }
  const pages = await Promise.all(
    [1, 2].map(async (page) =>
      videoPageSchema.parse((await browser.call(`/api/videos?page=${page}&limit=1&status=completed`)).json()),
    ),
  );
  assert.deepEqual(
    pages.map(({ videos, pagination }) => [videos.length, pagination.total]),
    [
      [1, 2],
      [1, 2],
    ],
  );
  assert.notEqual(pages[0]?.videos[0]?.id, pages[1]?.videos[0]?.id);
  return 'two films, on two pages';
}

/** What the documentation tells an operator whose clients it is. */
const SERVER_SETTINGS = {
  MEDIA_CHAT_PROGRESS: 'content',
  MEDIA_CHAT_VIDEO_FORMAT: 'markdown',
  SORA_NAMES_BIND: 'orientation',
};

/** The platform's own server as a client of ours: it reads the content alone, and knows no errors in a stream. */
export async function tryServer(client: SluiceClient, player: FilmPlayer): Promise<string> {
  for (const [name, value] of Object.entries(SERVER_SETTINGS))
    expectSuccess(await client.admin.call('PUT', `/settings/${name}`, { value }));
  try {
    const { progress, url, isStopped } = await runPlatformServer(client);
    assert.ok(progress.length > 0 && progress.every((each) => each >= 0 && each <= 100), JSON.stringify(progress));
    assert.equal(isStopped, true);
    await player.play(url);
    return `told ${progress.join(', ')} %`;
  } finally {
    for (const name of Object.keys(SERVER_SETTINGS))
      expectSuccess(await client.admin.call('DELETE', `/settings/${name}`));
  }
}
