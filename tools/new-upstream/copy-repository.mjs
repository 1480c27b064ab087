// @ts-check
// The working tree in another folder, so that a tool that changes it can be tried there.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readWorkspace } from '../structure/workspace.mjs';

/**
 * Sources are copies, installed packages are links; ours among them lead into the copy.
 * @param {{ from: string, to: string }} folders
 */
export function copyRepository({ from, to }) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: from,
    maxBuffer: 64 * 1024 * 1024,
  });
  // An ignored folder is none where it is a link.
  const paths = listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && !path.split('/').includes('node_modules'));
  for (const path of paths.filter((each) => existsSync(join(from, each)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(from, path), join(to, path));
  }
  linkPackages({ from, to });
}

/** @param {{ from: string, to: string }} folders */
function linkPackages({ from, to }) {
  const modules = join(to, 'node_modules');
  mkdirSync(join(modules, '@sluice'), { recursive: true });
  for (const name of readdirSync(join(from, 'node_modules'))) {
    if (name !== '@sluice' && !name.startsWith('.vite'))
      symlinkSync(join(from, 'node_modules', name), join(modules, name));
  }
  const { packages } = readWorkspace(to);
  for (const { folder, name } of packages) {
    linkOwn(to, { folder, name });
    const nested = join(from, folder, 'node_modules');
    if (existsSync(nested)) symlinkSync(nested, join(to, folder, 'node_modules'));
  }
}

/** As `npm install` does it. @param {string} root @param {{ folder: string, name: string }} own */
export function linkOwn(root, { folder, name }) {
  symlinkSync(join(root, folder), join(root, 'node_modules', name));
}
