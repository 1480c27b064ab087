// @ts-check
// What a new upstream writes, as values: nothing is on the disk before all of it is known.
import { namesOf } from './names.mjs';
import { newFiles } from './new-files.mjs';
import { sharedFiles } from './shared-files.mjs';

/**
 * Throws for a name that cannot be one, and for one that is taken in any place.
 * @param {{ name: string, read: (path: string) => string, exists: (path: string) => boolean }} options
 * @returns {Record<string, string>} path → text
 */
export function planUpstream({ name, read, exists }) {
  const names = namesOf(name);
  const own = newFiles(names);
  const places = [`libs/manifests/src/${name}.ts`, `libs/upstreams/${name}`, `apps/${name}-worker`];
  const taken = [...places, `apps/simulator/src/${name}`, `docs/upstreams/${name}.md`].filter(exists);
  if (taken.length > 0) throw new Error(`“${name}” is there already: ${taken.join(', ')}. Nothing was written.`);
  const shared = Object.entries(sharedFiles).map(([path, add]) => [path, add(read(path), names)]);
  return { ...own, ...Object.fromEntries(shared) };
}

/** @param {string} name */
export function whatIsLeft(name) {
  const steps = [
    ['npm install', 'links the packages, and writes them into package-lock.json'],
    [`libs/manifests/src/${name}.ts`, 'kinds, base URL, models; firstKeys where there are any'],
    [`libs/upstreams/${name}/src/${name}.chat.ts`, 'the three functions to be filled in'],
    [`libs/upstreams/${name}/src/__fixtures__`, 'recordings of the vendor in place of the two that are empty'],
    [`npm test -- libs/upstreams/${name}`, 'the conformance suite'],
    [
      `libs/upstreams/${name}/src/${name}.error.ts`,
      'what this vendor says of keys, limits and refusals; a test of each',
    ],
    [`apps/simulator/src/${name}`, 'its protocol with its faults; then demo in the manifest'],
    [`apps/e2e/src/${name}.e2e.test.ts`, 'what clients get of it'],
    [`docs/upstreams/${name}.md`, 'and its line in docs/architecture.md'],
    ['npm run check', ''],
  ];
  const width = Math.max(...steps.map(([place = '']) => place.length));
  const lines = steps.map(([place = '', what = '']) => `  ${place.padEnd(width)}  ${what}`.trimEnd());
  return `What is left, in this order; docs/adding-an-upstream.md says more:\n${lines.join('\n')}\n`;
}
