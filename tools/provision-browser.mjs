// @ts-check
// The tests of apps/e2e drive a real Chromium. One on the machine is used; root installs the distribution's.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @param {string} root @returns {Promise<string | undefined>} the path of a browser */
export async function provisionBrowser(root) {
  const given = process.env['CHROMIUM_PATH'];
  const present = given ?? findOnPath();
  if (present !== undefined || process.getuid?.() !== 0) return present;
  process.stdout.write('No Chromium was found; installing the package chromium with apt-get …\n');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ args) => runCommand({ command: 'apt-get', args, directory: root, environment });
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  let result = await apt(install);
  if (result.code !== 0) {
    await apt(['update']);
    result = await apt(install);
  }
  if (result.code !== 0) process.stderr.write(result.output);
  return findOnPath();
}

function findOnPath() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
