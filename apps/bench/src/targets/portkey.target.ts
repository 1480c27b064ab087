import { access, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { pidOf, spawnProgram, stopChild } from '../process/child-process.js';
import { findFreePort } from '../process/free-port.js';
import { waitUntil } from '../process/wait-until.js';
import { chatPath } from './target.js';
import type { RunningTarget, Target, TargetSetting } from './target.js';

const peersFolder = fileURLToPath(new URL('../../peers', import.meta.url));
const serverFile = path.join(peersFolder, 'node_modules/@portkey-ai/gateway/build/start-server.js');

/** `@portkey-ai/gateway`: a direct proxy without queue or storage, in production mode and without its console. */
export const portkeyTarget: Target = { name: 'portkey', start };

async function start({ upstreamUrl }: TargetSetting): Promise<RunningTarget> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-portkey-'));
  const logFile = path.join(folder, 'portkey.log');
  await installPeers(logFile);
  const port = await findFreePort();
  const child = await spawnProgram({
    command: 'env',
    args: ['NODE_ENV=production', process.execPath, serverFile, `--port=${port}`, '--headless'],
    logFile,
  });
  const origin = `http://127.0.0.1:${port}`;
  await waitUntil(() => isUp(origin), { deadlineMs: 15_000, message: `portkey did not start, see ${logFile}` });
  return {
    url: `${origin}${chatPath}`,
    headers: {
      authorization: 'Bearer bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamUrl}/v1`,
    },
    pids: { gateway: pidOf(child) },
    stop: async () => {
      await stopChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Installed on first use, from the peers' own lock file; never part of the product. */
async function installPeers(logFile: string): Promise<void> {
  const isInstalled = await access(serverFile).then(
    () => true,
    () => false,
  );
  if (isInstalled) return;
  const child = await spawnProgram({ command: 'npm', args: ['ci', '--ignore-scripts'], cwd: peersFolder, logFile });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`could not install the peers, see ${logFile}`);
}

async function isUp(origin: string): Promise<true | undefined> {
  const answer = await request(origin);
  await answer.body.dump();
  return answer.statusCode === 200 ? true : undefined;
}
