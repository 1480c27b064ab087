import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { provisionRedis } from './provision-redis.js';

let folder: string;
let path: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-redis-'));
  said = [];
  path = join(folder, 'bin');
  await mkdir(path);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program of the machine, by what it does here. */
async function install(name: string, script: string): Promise<void> {
  await writeFile(join(path, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  await chmod(join(path, name), 0o755);
}

function provision({ isRoot }: { isRoot: boolean }) {
  const environment = { PATH: path };
  return provisionRedis({ home: folder, environment, isRoot, say: (message) => said.push(message) });
}

test('takes a server of the PATH, Redis before Valkey, and says nothing', async () => {
  await install('valkey-server', '');
  expect(await provision({ isRoot: false })).toEqual({ command: join(path, 'valkey-server') });
  await install('redis-server', '');
  expect(await provision({ isRoot: false })).toEqual({ command: join(path, 'redis-server') });
  expect(said).toEqual([]);
});

test('installs the package as root, after fetching the package lists where they are missing', async () => {
  await install(
    'apt-get',
    `case "$1" in
      update) touch "${folder}/lists" ;;
      install) test -e "${folder}/lists" && printf '#!/bin/sh\\n' > "${path}/redis-server" && chmod 755 "${path}/redis-server" ;;
    esac`,
  );
  expect(await provision({ isRoot: true })).toEqual({ command: join(path, 'redis-server') });
  expect(said).toEqual([expect.stringContaining('installing the package redis-server')]);
});

test('unpacks the package and what it lacks into the data folder without being root, once', async () => {
  await install(
    'apt-get',
    `case "$*" in
      *" -s "*) echo "Inst liblzf1 (3.6 Debian [amd64])"; echo "Inst redis-tools (7 Debian [amd64])" ;;
      *" download "*) for name in "$@"; do case "$name" in lib*|redis*) touch "$name.deb" ;; esac; done ;;
    esac`,
  );
  await install(
    'dpkg-deb',
    `mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"; echo "$2" >> "${folder}/unpacked"; touch "$3/usr/bin/redis-server"`,
  );
  const unpacked = join(folder, 'redis-package/usr');
  const expected = { command: join(unpacked, 'bin/redis-server'), libraryPath: join(unpacked, 'lib/x86_64-linux-gnu') };
  expect(await provision({ isRoot: false })).toEqual(expected);
  await rm(join(path, 'apt-get'));
  expect(await provision({ isRoot: false })).toEqual(expected);
  expect(said).toHaveLength(1);
});

test('says what was tried and what to do when every way fails', async () => {
  await install('apt-get', 'echo "E: Unable to locate package redis-server"; exit 100');
  await install('dpkg-deb', 'exit 1');
  const attempt = provision({ isRoot: true });
  await expect(attempt).rejects.toThrow(/tried apt-get install redis-server: E: Unable to locate package/);
  await expect(attempt).rejects.toThrow(/or set REDIS_URL to a Redis server/);
});
