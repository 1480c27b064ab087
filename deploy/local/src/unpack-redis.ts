import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisBinary } from './redis-binary.js';
import { runCommand } from './run-command.js';

/** A package that an earlier start unpacked. */
export async function findUnpackedRedis(folder: string): Promise<RedisBinary | undefined> {
  const command = join(folder, 'usr/bin/redis-server');
  try {
    await access(command);
  } catch {
    return undefined;
  }
  return { command, libraryPath: await findLibraryFolders(folder) };
}

/** The package and those of its dependencies that the machine lacks, without being root. Answers what went wrong, if anything. */
export async function unpackRedis(options: {
  apt: string;
  dpkg: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}): Promise<string | undefined> {
  const { apt, dpkg, environment } = options;
  const work = `${options.folder}.new`;
  await rm(work, { recursive: true, force: true });
  await Promise.all(
    ['packages', 'lists/partial', 'cache/archives/partial', 'tree'].map((name) =>
      mkdir(join(work, name), { recursive: true }),
    ),
  );
  const run = (command: string, args: string[]) =>
    runCommand({
      command,
      args,
      environment,
      directory: join(work, 'packages'),
      ...(options.signal && { signal: options.signal }),
    });
  // Lists and cache of our own: the system's belong to root and may be empty.
  const own = [
    '-o',
    `Dir::State::lists=${work}/lists`,
    '-o',
    `Dir::Cache=${work}/cache`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=',
  ];
  const updated = await run(apt, [...own, 'update']);
  const plan = await run(apt, [...own, '-s', '--no-install-recommends', 'install', 'redis-server']);
  const missing = [...plan.output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  // Installed on this machine and yet not on the PATH: the two packages that hold the program are wanted all the same.
  const wanted = [...new Set([...missing, 'redis-server', 'redis-tools'])];
  const downloaded = await run(apt, [...own, 'download', ...wanted]);
  const archives = (await readdir(join(work, 'packages'))).filter((name) => name.endsWith('.deb'));
  if (archives.length < wanted.length)
    return `apt-get download: ${lastLine(downloaded.output) || lastLine(updated.output)}`;
  for (const archive of archives) {
    const unpacked = await run(dpkg, ['-x', archive, join(work, 'tree')]);
    if (unpacked.code !== 0) return `dpkg-deb -x ${archive}: ${lastLine(unpacked.output)}`;
  }
  await rm(options.folder, { recursive: true, force: true });
  await rename(join(work, 'tree'), options.folder);
  await rm(work, { recursive: true, force: true });
  return undefined;
}

/** `usr/lib/<architecture>`, and `lib/<architecture>` of older distributions. */
async function findLibraryFolders(folder: string): Promise<string> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const entries = await readdir(join(folder, parent), { withFileTypes: true }).catch(() => []);
    folders.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, parent, entry.name)));
  }
  return folders.join(':');
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
