import { copyFile, mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pidOf, spawnProgram, stopChild } from '../process/child-process.js';
import { findFreePort } from '../process/free-port.js';
import { waitUntil } from '../process/wait-until.js';

export interface RunningNginx {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** nginx with one file, as it comes: sendfile on, one worker. Undefined where none is installed. */
export async function startNginx(file: string): Promise<RunningNginx | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-nginx-'));
  await chmod(folder, 0o755);
  await copyFile(file, path.join(folder, 'film.mp4'));
  const port = await findFreePort();
  const configFile = path.join(folder, 'nginx.conf');
  await writeFile(configFile, configOf(folder, port));
  const args = ['-c', configFile, '-p', folder, '-e', path.join(folder, 'error.log')];
  const child = await spawnProgram({ command: 'nginx', args, logFile: path.join(folder, 'out.log') });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined) await stopChild(child);
    await rm(folder, { recursive: true, force: true });
  };
  const isUp = await waitUntil(() => canConnect(port), {
    deadlineMs: 5_000,
    message: 'nginx did not start',
    isHopeless: () => child.pid === undefined || child.exitCode !== null,
  }).catch(() => undefined);
  if (isUp) return { url: `http://127.0.0.1:${port}/film.mp4`, pid: pidOf(child), stop };
  await stop();
  return undefined;
}

function configOf(folder: string, port: number): string {
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 64; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server { listen 127.0.0.1:${port}; root ${folder}; types { video/mp4 mp4; } }
}
`;
}

function canConnect(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}
