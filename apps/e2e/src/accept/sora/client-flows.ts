import assert from 'node:assert/strict';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { FilmPlayer } from '../../scenarios/film-player.js';
import { expectFilm } from '../../scenarios/sora-client.js';
import type { Check } from '../capability.js';
import { LONE_TARGETS, leaveAlone, type LoneTarget } from './lone-target.js';
import { tryExtensions, tryNames, tryOrientations, tryTalker, tryWhole } from './names-flow.js';
import { tryFrontEnd, tryServer } from './platform-flow.js';
import { tryVideos } from './videos-flow.js';

/** Clients of Sora, over each target alone. The Sluice is theirs: its credentials are taken away. */
export function clientFlowChecks(client: SluiceClient): Check[] {
  return LONE_TARGETS.flatMap((target) => [
    {
      title: `${target.title} alone: a Sora2API client asks for each of the old models`,
      prove: () => withPlayer((player) => proveOldClient({ client, target, player })),
    },
    {
      title: `${target.title} alone: the openai SDK’s videos, made, polled, listed, fetched, made over, deleted`,
      prove: () =>
        withPlayer(async (player) => {
          await leaveAlone(client, target);
          return tryVideos(client, target, player);
        }),
    },
    {
      title: `${target.title} alone: the Sora video platform, its front end and its server`,
      prove: () =>
        withPlayer(async (player) => {
          await leaveAlone(client, target);
          return `${await tryFrontEnd(client, player)}; ${await tryServer(client, player)}`;
        }),
    },
  ]);
}

interface Setting {
  client: SluiceClient;
  target: LoneTarget;
  player: FilmPlayer;
}

async function proveOldClient({ client, target, player }: Setting): Promise<string> {
  await leaveAlone(client, target);
  const { made, refused, link } = await tryNames(client, target);
  if (link !== '') await player.play(link);
  const turned = await tryOrientations(client, target);
  const written = await tryTalker(client, target);
  const plain = await tryWhole(client, 'sora-2');
  await player.play(plain);
  const [, name = ''] = /(gen_[0-9a-f]{32})/.exec(plain) ?? [];
  const longer = await proveExtensions({ client, target, videoId: name.replace('gen_', 'video_') });
  return `${made} made, ${refused} refused with why; ${turned} more where only the orientation binds; ${written} prompts by a route; ${longer} gone on from`;
}

/** Which of the two lengths it can, it makes; the other is refused. */
async function proveExtensions({ client, target, videoId }: Omit<Setting, 'player'> & { videoId: string }) {
  const sessions = await tryExtensions(client, videoId);
  const made = sessions.filter(({ status }) => status === 200);
  for (const session of made) await expectFilm(session);
  for (const { status, error } of sessions.filter((each) => !made.includes(each)))
    assert.deepEqual([status, (error?.message ?? '').length > 20], [400, true], target.title);
  return made.length;
}

async function withPlayer(use: (player: FilmPlayer) => Promise<string>): Promise<string> {
  const player = await FilmPlayer.open();
  try {
    return await use(player);
  } finally {
    await player.close();
  }
}
